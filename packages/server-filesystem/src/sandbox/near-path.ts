import { BeneathError } from "@org/beneath";
import { quote } from "@org/server-kit";
import { roughLookOf, spelled } from "./look.ts";
import type { Place } from "./types.ts";

/** Most entries that one failure looks at. */
const LOOKED_AT = 10_000;
/** Most levels upwards in which the missing name is searched for. */
const LEVELS = 16;
/** Most characters of a suggested path, which cannot be shortened. */
const LONGEST = 1000;

/**
 * The paths that a client probably meant when its path does not exist: one whose names look much the same, or paths
 * elsewhere with the same ending. Written in the client's notation.
 */
export async function nearTo(place: Place): Promise<readonly string[]> {
  const sameLook = await sameLookOf(place);
  return sameLook === undefined ? elsewhere(place) : [sameLook];
}

/** A name that differs only in Unicode form, blanks, letter case, or surrounding blanks and quotes. */
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
      // The missing name is further up. If nothing can be listed, there is nothing to suggest.
      if (!(error instanceof BeneathError && error.code === "not_found")) return undefined;
    }
  }
  return undefined;
}

/** `given` with one name replaced, counted from the end; undefined when its text does not match the path. */
function replaced(given: string, fromEnd: number, wanted: string, name: string): string | undefined {
  const segments = [...given.matchAll(process.platform === "win32" ? /[^\\/]+/g : /[^/]+/g)];
  const found = segments.filter(([text]) => text !== ".").at(-fromEnd);
  if (found?.[0] !== wanted) return undefined;
  const path = given.slice(0, found.index) + name + given.slice(found.index + wanted.length);
  return path.length > LONGEST ? undefined : path;
}

/** Most entries, and milliseconds, for searching a path elsewhere. */
const SEARCHED = 5000;
const SEARCH_MS = 200;
/** Most paths suggested. */
const SUGGESTED = 3;
/** Directories with thousands of files that nobody means. */
const PASSED_OVER = /^(?:\.|node_modules$)/;

/** Searches level by level for paths that end like the wanted one: most names in common first, then shortest. */
async function elsewhere({ root, path, given, isNew }: Place): Promise<readonly string[]> {
  // For a path that is to be created, the missing part is its directory.
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

/** Formats suggested paths: `"a", "b" or "c"`, with invisible characters spelled out. */
export const suggested = (paths: readonly string[]): string =>
  paths
    .map((path) => `"${path.replace(/[^\p{Zs}\p{Cf}\p{M}]+/gu, (run) => quote(run, LONGEST).slice(1, -1))}"`)
    .map(spelled)
    .join(", ")
    .replace(/, ([^,]+)$/, " or $1");
