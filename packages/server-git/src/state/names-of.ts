import { quotedShown } from "../text/paths.ts";

const NAMED = 10;

/** `a, b and 3 more`. */
export const listOf = (words: readonly string[]): string =>
  words.slice(0, NAMED).join(", ") + (words.length > NAMED ? ` and ${words.length - NAMED} more` : "");

/** `"a", "b" and 3 more`, of paths as answers show them. */
export const namesOf = (paths: readonly string[]): string => listOf(paths.map(quotedShown));
