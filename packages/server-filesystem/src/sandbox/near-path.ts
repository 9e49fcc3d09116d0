import { BeneathError } from "@org/beneath";
import { quote } from "@org/server-kit";
import type { Place } from "./types.ts";

/** Entries that one failure looks at. */
const LOOKED_AT = 10_000;
/** Directories upwards in which the missing name is looked for. */
const LEVELS = 16;
/** Characters of a path that is suggested: a part of one would be another. */
const LONGEST = 1000;

/**
 * The path that a client probably meant by one that leads to nothing: a name that only looks the same, by its Unicode
 * form, its blanks, its letter case, or blanks and quotes around it. Named as the client named its own.
 */
export async function nearestTo(place: Place): Promise<string | undefined> {
  const { root, given } = place;
  const names = place.path.split("/");
  let left = LOOKED_AT;
  for (let at = names.length - 1; at >= Math.max(0, names.length - LEVELS); at -= 1) {
    const wanted = names[at] ?? "";
    const key = lookOf(wanted);
    try {
      for await (const { name, addressable } of root.list(names.slice(0, at).join("/"))) {
        if (addressable && name !== wanted && lookOf(name) === key)
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

/** Equal for names that a person, or a model, takes for the same. */
const lookOf = (name: string) =>
  name
    .normalize("NFC")
    .replace(/[\p{Zs}\t]+/gu, " ")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .toLowerCase()
    .replace(/^[ '"`]+|[ '"`]+$/g, "");

/** `given` with another name at a place counted from its end; undefined when its text is not the path's. */
function replaced(given: string, fromEnd: number, wanted: string, name: string): string | undefined {
  const segments = [...given.matchAll(process.platform === "win32" ? /[^\\/]+/g : /[^/]+/g)];
  const found = segments.filter(([text]) => text !== ".").at(-fromEnd);
  if (found?.[0] !== wanted) return undefined;
  const path = given.slice(0, found.index) + name + given.slice(found.index + wanted.length);
  return path.length > LONGEST ? undefined : path;
}

/** Like `quote`, with all kinds of blanks as they are: they may be the very difference. */
export const suggested = (path: string): string =>
  `"${path.replace(/[^\p{Zs}]+/gu, (run) => quote(run, LONGEST).slice(1, -1))}"`;
