import { isTree } from "../../grammar/tree.ts";

/** A name of at least this many bytes may have been cut: at 63, or at the last whole character before. */
const MAY_BE_CUT = 60;
/** Where the grammar cuts names, and PostgreSQL too, but in bytes of its own encoding. */
const LONGEST = 63;

/**
 * Whether a server may read a name differently than the grammar. It folds and cuts names in its own encoding: in
 * LATIN1, an unquoted `Ä` may mean ä, and forty such letters are not too long.
 */
export function isDoubtful(name: string): boolean {
  const bytes = Buffer.byteLength(name);
  return bytes !== name.length || (bytes >= MAY_BE_CUT && bytes < LONGEST);
}

/** A name cut as by the grammar, without a partial character at its end. */
export const cut = (name: string) =>
  new TextDecoder().decode(new TextEncoder().encode(name).subarray(0, LONGEST), { stream: true });

/** All doubtful names in a tree; checks every string except constants. */
export function doubtfulNames(root: unknown): readonly string[] {
  const found = new Set<string>();
  const rest: unknown[] = [root];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value === "string") {
      if (isDoubtful(value)) found.add(value);
    } else if (Array.isArray(value)) for (const each of value) rest.push(each);
    else if (isTree(value)) for (const [key, each] of Object.entries(value)) if (key !== "A_Const") rest.push(each);
  }
  return [...found];
}

/** The letters of a name that could be folded differently, as a name. */
export const lettersOf = (name: string) => `a${name.replace(/\p{ASCII}/gu, "")}`;
