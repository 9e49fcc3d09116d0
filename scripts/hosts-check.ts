import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { exampleOf } from "@org/server-build/listing";
import { checkHost, emptyPlace, type Finding, type Packed, serveTarball, WAYS } from "./hosts/check.ts";
import { CHECKED } from "./hosts/hosts.ts";
import { readListed } from "./lib/listed.ts";
import { pack } from "./lib/npm.ts";
import { ROOT } from "./lib/repository.ts";

/**
 * `pnpm hosts:check [host…]`: installs hosts from npm into an empty home, runs the READMEs' commands with the packed
 * servers in place of the published ones, and asks each host which servers it is connected to. Takes minutes and
 * downloads a gigabyte, so CI does not run it. Writes its table into docs/hosts.md when all hosts were checked.
 */
const wanted = process.argv.slice(2);
const hosts = CHECKED.filter(
  ({ name, command }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(command),
);
if (hosts.length === 0) throw new Error(`No such host. There are ${CHECKED.map(({ command }) => command).join(", ")}.`);
// Codex refuses to keep its helper programs in the folder for temporary files.
const base = await mkdtemp(path.join(tmpdir(), "hosts-"));
const stops: (() => Promise<void>)[] = [];
const findings: Finding[] = [];

try {
  const servers = await readListed();
  const place = await emptyPlace(base, [], servers);
  const packed: Packed[] = [];
  for (const server of servers) {
    const { file: tarball } = await pack(path.join(ROOT, server.folder), base);
    const args = exampleOf(server).args.map((arg) => arg.replace(/^~/, place.home));
    const [open, guarded] = [
      await serveTarball(tarball, args, place),
      await serveTarball(tarball, args, place, "your-token"),
    ];
    stops.push(open.stop, guarded.stop);
    packed.push({ server, tarball, open: open.url, guarded: guarded.url });
  }
  for (const host of hosts) {
    const finding = await checkHost(host, packed, base);
    findings.push(finding);
    process.stdout.write(`${rowOf(finding, packed.length)}\n`);
    for (const words of finding.trouble) process.stdout.write(`  ${words.replaceAll("\n", "\n  ")}\n`);
  }
  if (hosts.length === CHECKED.length) await writeTable(packed.length);
} finally {
  for (const stop of stops) await stop();
  await rm(base, { recursive: true, force: true, maxRetries: 5 });
}
if (findings.some(({ trouble }) => trouble.length > 0)) process.exitCode = 1;

function rowOf({ host, version, connected }: Finding, count: number): string {
  const cells = WAYS.map((way) => `${connected[way].length} of ${count}`);
  const all = version === undefined ? ["not installed", "", "", ""] : [version, ...cells];
  return `| ${[host, ...all].join(" | ")} |`;
}

async function writeTable(count: number): Promise<void> {
  const file = path.join(ROOT, "docs/hosts.md");
  const [begin, end] = ["<!-- hosts:check -->", "<!-- /hosts:check -->"];
  const text = await readFile(file, "utf8");
  const rows = findings.map((finding) => rowOf(finding, count));
  const head = ["| Host | Version | stdio | HTTP | HTTP with a token |", "| --- | --- | --- | --- | --- |"];
  const when = `${new Date().toISOString().slice(0, 10)}, Node.js ${process.version.slice(1)}, ${process.platform}:`;
  const table = [begin, "", when, "", ...head, ...rows, "", ""].join("\n");
  await writeFile(file, text.slice(0, text.indexOf(begin)) + table + text.slice(text.indexOf(end)));
}
