import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Packed } from "../lib/npm.ts";
import { type Package, ROOT } from "../lib/repository.ts";

/** Size limits of a tarball in bytes, to keep downloads short: twice the largest of each kind. */
const LARGEST = { server: 1_500_000, shared: 400_000 };
/** This package consists of data, a database of 50,000 rows, and is only installed on request. */
const DATA: Readonly<Record<string, number>> = { "postgres-demo": 5_000_000 };

const STRAY = /(?:^|\/)(?:test|node_modules|coverage)\/|\.tgz$|\.env/;

/** Problems with a package as npm would publish it; empty if there are none. */
export async function contentProblems(
  { folder, json }: Package,
  { files, size, executable }: Packed,
): Promise<string[]> {
  const isServer = folder.startsWith("packages/");
  const beside = { ...json.dependencies, ...json.optionalDependencies };
  const expected = ["LICENSE", "README.md", "package.json"];
  const ofServer = ["dist/cli.js", "dist/THIRD_PARTY_LICENSES.txt", "dist/sbom.cdx.json", "icon.png", "icon.svg"];
  const missing = [...expected, ...(isServer ? ofServer : [])].filter((file) => !files.includes(file));
  // Source maps only help if the sources are included.
  const unwanted = files.includes("src/index.ts") ? STRAY : new RegExp(`${STRAY.source}|\\.map$`);
  const stray = files.filter((file) => unwanted.test(file));
  const special = Object.entries({ ...beside, ...json.peerDependencies }).filter(
    ([, range]) => !/^[~^]?\d/.test(range),
  );
  const limit = DATA[path.basename(folder)] ?? (isServer ? LARGEST.server : LARGEST.shared);
  const named = Object.values(json.bin ?? {}).filter((bin) => !executable.includes(bin));
  return [
    ...missing.map((file) => `${file} is missing`),
    ...stray.map((file) => `${file} does not belong there`),
    ...special.map(([name, range]) => `npm cannot install ${name} "${range}"`),
    ...named.map((bin) => `${bin} is not executable`),
    ...(size > limit ? [`the tarball has ${size} bytes, more than ${limit}`] : []),
    ...(json.license === "MIT" ? [] : ["the licence is not MIT"]),
    ...(isServer ? await licenceProblems(folder, Object.keys(beside)) : []),
  ];
}

/** The bill of materials lists each package inside and beside the bundle; the licence texts cover each one inside. */
async function licenceProblems(folder: string, beside: readonly string[]): Promise<string[]> {
  const read = (name: string) => readFile(path.join(ROOT, folder, "dist", name), "utf8");
  const texts = await read("THIRD_PARTY_LICENSES.txt");
  const { components }: { components: { name: string; version: string; licenses?: unknown }[] } = JSON.parse(
    await read("sbom.cdx.json"),
  );
  const unlisted = beside.filter((name) => !components.some((one) => one.name === name));
  const unlicensed = components.filter(({ licenses }) => licenses === undefined);
  const inside = components.filter(({ name }) => !beside.includes(name));
  const textless = inside.filter(({ name, version }) => !texts.includes(`${name} ${version} (`));
  return [
    ...(inside.length === 0 ? ["the list of materials is empty"] : []),
    ...unlisted.map((name) => `${name} is not in the list of materials`),
    ...unlicensed.map(({ name }) => `${name} has no licence in the list of materials`),
    ...textless.map(({ name, version }) => `${name} ${version} is not in THIRD_PARTY_LICENSES.txt`),
  ];
}
