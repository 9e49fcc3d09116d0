import { readFile, rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as z from "zod";
import { packZone, verifyZone } from "./pack.ts";
import { readCities, readCountries, readIndex, readWindowsZones } from "./sources.ts";
import { readTzif } from "./tzif.ts";

const DATA = fileURLToPath(new URL("../src/data/", import.meta.url));
const HOW_TO_GET_ONE = `A current directory comes from
  Debian, Ubuntu:  apt-get download tzdata && dpkg -x tzdata_*.deb tz, then --from tz/usr/share/zoneinfo
  the IANA release: make install TOPDIR=/some/dir PACKRATDATA=backzone PACKRATLIST=zone.tab,
                    then --from /some/dir/usr/share/zoneinfo`;

const Committed = z.object({ version: z.string(), zones: z.record(z.string(), z.string()) });

async function refresh(from: string, force: boolean): Promise<void> {
  const { version, zones: names, links } = await readIndex(from);
  const old = Committed.parse(
    await readFile(`${DATA}zones.json`, "utf8").then(JSON.parse, () => ({ version: "none", zones: {} })),
  );
  if (old.version !== "none" && version < old.version && !force) {
    throw new RangeError(
      `${from} holds ${version}, which is older than the committed ${old.version} (--force takes it).\n${HOW_TO_GET_ONE}`,
    );
  }
  const zones = new Map<string, string>();
  let compared = 0;
  for (const name of names) {
    const tzif = await readTzif(from, name);
    const packed = packZone(tzif);
    compared += verifyZone(name, packed, tzif);
    zones.set(name, packed);
  }
  for (const [alias, target] of links) {
    compared += verifyZone(alias, zones.get(target) ?? "", await readTzif(from, alias));
  }
  const canonical = (zone: string) => (zones.has(zone) ? zone : links.get(zone));
  const windows = new Map<string, string>();
  for (const [name, zone] of readWindowsZones()) {
    const target = canonical(zone);
    if (target) windows.set(name, target);
    else say(`dropped: Windows' ${name}, for ${zone} is unknown`);
  }
  const countries = await readCountries(from);
  const cities = readCities(canonical, (text) => say(`dropped: ${text}`));
  await writeAll({
    "zones.json": { version, zones: sorted(zones), links: sorted(links) },
    "windows.json": sorted(windows),
    "countries.json": { names: sorted(countries.names), zones: sorted(countries.zones) },
    "cities.json": sorted(cities),
  });
  const all = new Set([...Object.keys(old.zones), ...zones.keys()]);
  const changed = [...all].filter((name) => old.zones[name] !== zones.get(name)).sort();
  say(`tzdata ${old.version} -> ${version}: ${zones.size} zones, ${links.size} aliases, ${compared} instants agree`);
  say(changed.length > 0 ? `changed (${changed.length}): ${changed.join(", ")}` : "no zone changed");
}

/** All files are written before the first is replaced, so that a failure leaves the old data intact. */
async function writeAll(files: Readonly<Record<string, object>>): Promise<void> {
  const names = Object.keys(files);
  for (const [name, value] of Object.entries(files)) {
    await writeFile(`${DATA}${name}.new`, `${JSON.stringify(value, null, 2)}\n`);
  }
  for (const name of names) await rename(`${DATA}${name}.new`, `${DATA}${name}`);
}

const sorted = (map: ReadonlyMap<string, string>) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

const say = (text: string) => process.stdout.write(`${text}\n`);

try {
  const { values } = parseArgs({
    options: {
      from: { type: "string", default: "/usr/share/zoneinfo" },
      force: { type: "boolean", default: false },
    },
  });
  // pnpm --filter runs this in the package's folder, but a relative directory is relative to where the command was
  // typed.
  await refresh(resolve(process.env.INIT_CWD ?? ".", values.from), values.force);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
