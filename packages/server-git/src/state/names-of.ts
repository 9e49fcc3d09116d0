import { quote } from "@org/server-kit";

const NAMED = 10;

/** `a, b and 3 more`. */
export const listOf = (words: readonly string[]): string =>
  words.slice(0, NAMED).join(", ") + (words.length > NAMED ? ` and ${words.length - NAMED} more` : "");

/** `"a", "b" and 3 more`. */
export const namesOf = (paths: readonly string[]): string => listOf(paths.map((path) => quote(path, 200)));
