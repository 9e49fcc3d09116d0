import { BeneathError } from "@org/beneath";
import { quote } from "@org/server-kit";
import { roughLookOf, spelled } from "./look.ts";
import type { Place } from "./types.ts";

/** Entries that one failure looks at. */
const LOOKED_AT = 10_000;
/** Directories upwards in which the missing name is looked for. */
const LEVELS = 16;
/** Characters of a path that is suggested: a part of one would be another. */
const LONGEST = 1000;

/**
 * The paths that a client probably meant by one that leads to nothing: one with a name that looks much the same, or
 * those elsewhere that end in the same way. Named as the client named its own.
 */
export async function nearTo(place: Place): Promise<readonly string[]> {
  const sameLook = await sameLookOf(place);
  return sameLook === undefined ? elsewhere(place) : [sameLook];
}

/** A name that only looks the same, by its Unicode form, its blanks, its letter case, or blanks and quotes around it. */
async function sameLookOf(place: Place): Promise<string | undefined> {
  const { root, given } = place;
  const names = place.path.split("/");
  let left = LOOKED_AT;
  for (let at = names.length - 1; at >= Math.max(0, names.length - LEVELS); at -= 1) {
    const wanted = names[at] ?? "";
    const look = roughLookOf(wanted);
    try {
      for await (const { name, addressable } of root.list(names.slice(0, at).join("/"))) {
        if (addressable && name !== wanted && roughLookOf(name) === look)
          return replaced(given, names.length - at, wanted, name);
        left -= 1;
        if (left === 0) return undefined;
      }
      return undefined;
    } catch (error) {
      // What is missing is further up; where nothing can be listed there is nothing to suggest.
      if (!(error instanceof BeneathError && error.code === "not_found")) return undefined;
    }
  }
  return undefined;
}

/** `given` with another name at a place counted from its end; undefined when its text is not the path's. */
function replaced(given: string, fromEnd: number, wanted: string, name: string): string | undefined {
  const segments = [...given.matchAll(process.platform === "win32" ? /[^\\/]+/g : /[^/]+/g)];
  const found = segments.filter(([text]) => text !== ".").at(-fromEnd);
  if (found?.[0] !== wanted) return undefined;
  const path = given.slice(0, found.index) + name + given.slice(found.index + wanted.length);
  return path.length > LONGEST ? undefined : path;
}

/** Entries, and milliseconds, that the search for a path elsewhere takes. */
const SEARCHED = 5000;
const SEARCH_MS = 200;
/** Paths that are suggested. */
const SUGGESTED = 3;
/** Directories that hold thousands of files which nobody means. */
const PASSED_OVER = /^(?:\.|node_modules$)/;

/** Level by level, paths that end as the wanted one does: those with the most names in common, the shortest first. */
async function elsewhere({ root, path, given, isNew }: Place): Promise<readonly string[]> {
  // Of what is to be made, the directory is missing.
  const wanted = isNew ? path.slice(0, Math.max(0, path.lastIndexOf("/"))) : path;
  const before = given.endsWith(path) ? given.slice(0, given.length - path.length) : undefined;
  const names = wanted.split("/").reverse();
  const [last] = names;
  if (before === undefined || !last) return [];
  const found: { readonly path: string; readonly common: number }[] = [];
  const until = performance.now() + SEARCH_MS;
  const directories = [""];
  let left = SEARCHED;
  for (let at = 0; at < directories.length && left > 0; at += 1) {
    const directory = directories[at] ?? "";
    try {
      for await (const { name, kind, addressable } of root.list(directory)) {
        left -= 1;
        if (left <= 0 || performance.now() > until) break;
        if (!addressable) continue;
        const entry = directory === "" ? name : `${directory}/${name}`;
        if (name === last && entry !== path && (!isNew || kind === "directory"))
          found.push({ path: entry, common: inCommon(entry, names) });
        if (kind === "directory" && !PASSED_OVER.test(name)) directories.push(entry);
      }
    } catch (error) {
      if (!(error instanceof BeneathError)) throw error;
    }
    if (performance.now() > until) break;
  }
  const most = Math.max(0, ...found.map(({ common }) => common));
  return found
    .filter(({ common }) => common === most)
    .slice(0, SUGGESTED)
    .map((each) => before + each.path)
    .filter((each) => each.length <= LONGEST);
}

function inCommon(path: string, reversed: readonly string[]): number {
  const names = path.split("/").reverse();
  const end = names.findIndex((name, index) => name !== reversed[index]);
  return end === -1 ? names.length : end;
}

/** Paths as they are suggested: `"a", "b" or "c"`, with what does not show spelled out. */
export const suggested = (paths: readonly string[]): string =>
  paths
    .map((path) => `"${path.replace(/[^\p{Zs}\p{Cf}\p{M}]+/gu, (run) => quote(run, LONGEST).slice(1, -1))}"`)
    .map(spelled)
    .join(", ")
    .replace(/, ([^,]+)$/, " or $1");
