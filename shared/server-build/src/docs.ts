import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { describeServer } from "./describe.ts";
import { Failure } from "./failure.ts";
import { readListing } from "./listing/listing.ts";
import { mcpbManifest } from "./listing/mcpb-manifest.ts";
import { registryEntry } from "./listing/registry.ts";
import { fillIn } from "./readme/fill-in.ts";

const SHOWN_LINES = 12;

interface Generated {
  readonly name: string;
  /** The current content; undefined if there is none. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Writes the generated files of the server in `folder`. Returns what was done. */
export async function writeDocs(folder: string): Promise<string> {
  const files = await generate(folder);
  for (const { name, after } of files.filter(isStale)) {
    // In one step, so that nobody reads a half-written file.
    const file = path.join(folder, name);
    await writeFile(`${file}.tmp`, after);
    await rename(`${file}.tmp`, file);
  }
  return files.map((file) => `${file.name} ${isStale(file) ? "written" : "is up to date"}\n`).join("");
}

/** Compares the generated files with the code. @throws Failure with the first difference of each file */
export async function checkDocs(folder: string): Promise<string> {
  const files = await generate(folder);
  const stale = files.filter(isStale);
  if (stale.length === 0) return files.map(({ name }) => `${name} is up to date\n`).join("");
  const found = stale.map(
    ({ name, before = "", after }) => `${name} differs from the code:\n${difference(before, after)}`,
  );
  throw new Failure([...found, "Run: server-build docs"].join("\n"));
}

const isStale = ({ before, after }: Generated) => before !== after;

async function generate(folder: string): Promise<Generated[]> {
  const read = (name: string) => readFile(path.join(folder, name), "utf8").catch(() => undefined);
  const readme = await read("README.md");
  if (readme === undefined) throw new Failure(`No README.md in ${folder}.`);
  const server = await describeServer(folder);
  const listing = await readListing(folder, server);
  const files: Generated[] = [{ name: "README.md", before: readme, after: fillIn(readme, server, listing) }];
  if (!listing) return files;
  for (const [name, value] of [
    ["server.json", registryEntry(listing)],
    ["manifest.json", mcpbManifest(listing)],
  ] as const) {
    files.push({ name, before: await read(name), after: `${JSON.stringify(value, null, 2)}\n` });
  }
  return files;
}

/** The lines between the common start and the common end, in the format of a diff. */
function difference(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const excerpt = (sign: string, lines: readonly string[]) => {
    const changed = lines.slice(start, lines.length - end).map((line) => `${sign} ${line}`);
    const rest = changed.length - SHOWN_LINES;
    return rest > 0 ? [...changed.slice(0, SHOWN_LINES), `${sign} … ${rest} more`] : changed;
  };
  return [`@@ line ${start + 1} @@`, ...excerpt("-", old), ...excerpt("+", now)].join("\n");
}
