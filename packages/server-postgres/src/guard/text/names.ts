import { isTree } from "../../grammar/tree.ts";

/** Bytes from which on a name may have been cut: at 63, or at the last character that ends before. */
const MAY_BE_CUT = 60;
/** Where the grammar cuts names, and PostgreSQL, in bytes of its own encoding. */
const LONGEST = 63;

/**
 * Whether a server may read a name otherwise than the grammar. It folds and cuts names in its own encoding: in LATIN1 an
 * unquoted `Ä` may mean ä, and forty letters of that kind are not too long.
 */
export function isDoubtful(name: string): boolean {
  const bytes = Buffer.byteLength(name);
  return bytes !== name.length || (bytes >= MAY_BE_CUT && bytes < LONGEST);
}

/** A name as the grammar cuts it, without a part of a character at its end. */
export const cut = (name: string) =>
  new TextDecoder().decode(new TextEncoder().encode(name).subarray(0, LONGEST), { stream: true });

/** All of a tree: every string but those of constants. */
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

/** What of a name could be folded otherwise, as a name. */
export const lettersOf = (name: string) => `a${name.replace(/\p{ASCII}/gu, "")}`;
