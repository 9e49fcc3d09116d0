import { lstat, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { projectFiles } from "./files.ts";
import { type Identity, readPresent, readWanted } from "./names.ts";
import { replaceIdentity } from "./replace.ts";

/**
 * Rewrites every text file of the project in `root` from its current identity to the one in
 * identity.json. Nothing is written if a value there is invalid. Each file changes atomically, and those
 * that hold the current identity change last, so that the next run finishes an interrupted one.
 */
export async function applyIdentity(root: string): Promise<{ file: string; count: number }[]> {
  const wanted = await readWanted(root);
  const present = await readPresent(root, wanted);
  const changed: { file: string; count: number }[] = [];
  for (const file of (await projectFiles(root)).sort((a, b) => lateness(a) - lateness(b))) {
    const count = file === "identity.json" ? 0 : await rewrite(path.join(root, file), present, wanted);
    if (count > 0) changed.push({ file, count });
  }
  return changed;
}

function lateness(file: string): number {
  if (file === "shared/server-kit/package.json") return 2;
  return /^packages\/[^/]+\/package\.json$/.test(file) ? 1 : 0;
}

async function rewrite(file: string, from: Identity, to: Identity): Promise<number> {
  const { mode, isFile } = await lstat(file).then((stats) => ({ mode: stats.mode, isFile: stats.isFile() }));
  const before = isFile ? await readText(file) : undefined;
  if (before === undefined) return 0;
  const { text, count } = replaceIdentity(before, from, to);
  if (text === before) return 0;
  await writeFile(`${file}.identity`, text, { mode });
  await rename(`${file}.identity`, file);
  return count;
}

/** A file's text; undefined for anything that is not UTF-8 text. */
async function readText(file: string): Promise<string | undefined> {
  const bytes = await readFile(file);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
