import { folderOf, foldName, nameOf } from "../note-path.ts";
import type { Link } from "./links.ts";

/** The files that links may lead to. */
export interface FileLookup {
  /** Paths of all listed files, notes and attachments, whose last segment equals `name` when folded by `foldName`. */
  named(name: string): readonly string[];
}

/**
 * Finds a link's target as Obsidian does: the file with exactly this path from the top; else, among those whose path
 * ends with it, the one in the note's own folder, else the one with the shortest path. Relative paths start from the
 * note's folder, and Markdown links try that first. Letter case decides only between files that differ in nothing else.
 * @param from path of the note that contains the link, which is the target if the link has none
 * @returns the path, or undefined when the link is broken or leads out of the notes folder
 */
export function resolveLink(link: Pick<Link, "kind" | "target">, from: string, files: FileLookup): string | undefined {
  if (link.target === "") return from;
  const target = link.target.replaceAll("\\", "/");
  const found = candidates(nameOf(target), files);
  if (found.length === 0) return undefined;
  const relative = normalise(`${folderOf(from)}/${target}`);
  if (/^\.\.?\//.test(target)) return at(relative, found);
  const absolute = normalise(target);
  if (target.startsWith("/")) return at(absolute, found);
  const near = link.kind === "markdown" ? at(relative, found) : undefined;
  return near ?? at(absolute, found) ?? nearestPath(absolute, found, from);
}

/** Every file that a link may lead to, by name, where no index is available. */
export function fileLookup(paths: Iterable<string>): FileLookup {
  const names = new Map<string, string[]>();
  for (const path of paths) {
    const name = foldName(nameOf(path));
    const same = names.get(name);
    if (same) same.push(path);
    else names.set(name, [path]);
  }
  return { named: (name) => names.get(name) ?? [] };
}

/** The ways to write a file's path in a link: a note's extension may be omitted. */
const spellings = (path: string) => ["", ".md", ".markdown"].map((ending) => path + ending);

function candidates(name: string, files: FileLookup): readonly string[] {
  if (name === "" || name === "." || name === "..") return [];
  return spellings(foldName(name)).flatMap((key) => files.named(key));
}

function at(path: string | undefined, found: readonly string[]): string | undefined {
  if (path === undefined) return undefined;
  const keys = spellings(foldName(path));
  const matches = found.filter((candidate) => keys.includes(foldName(candidate)));
  return spellings(path).find((spelled) => matches.includes(spelled)) ?? matches[0];
}

function nearestPath(target: string | undefined, found: readonly string[], from: string): string | undefined {
  if (target === undefined) return undefined;
  const endsWithOne = (path: string, ends: readonly string[]) => ends.some((end) => `/${path}`.endsWith(`/${end}`));
  const keys = spellings(foldName(target));
  const here = folderOf(from);
  const cost = (path: string) =>
    (folderOf(path) === here ? 0 : 1e6) + path.length * 2 + (endsWithOne(path, spellings(target)) ? 0 : 1);
  return found
    .filter((path) => endsWithOne(foldName(path), keys))
    .sort((a, b) => cost(a) - cost(b) || (a < b ? -1 : 1))[0];
}

/** Without `.` and `..`; undefined when it leads out. */
function normalise(path: string): string | undefined {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.join("/");
}
