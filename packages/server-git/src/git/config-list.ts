import { isUtf8 } from "node:buffer";

/** One value of `git config --list --show-scope --show-origin -z`. */
export interface ConfigEntry {
  readonly scope: string;
  /** The file that it is in; undefined for what is set by other means. */
  readonly file?: string;
  /** Section and variable in lower case, the name between them as it is written: `remote.Origin.url`. */
  readonly key: string;
  readonly value: string;
  /** The key has bytes that are not UTF-8, and `key` is not it: no variable of a process could set such a one. */
  readonly isGarbled?: true;
}

/** `scope NUL origin NUL key NEWLINE value NUL`; a key without a value, which means true, has no newline. */
export function parseConfig(output: Buffer): ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  let at = 0;
  const field = () => {
    const found = output.subarray(at, output.indexOf(0, at));
    at += found.length + 1;
    return found;
  };
  while (at < output.length) {
    const scope = field().toString("latin1");
    const [, file] = /^file:(.+)$/s.exec(field().toString("utf8")) ?? [];
    const pair = field();
    const end = pair.indexOf("\n");
    const key = end === -1 ? pair : pair.subarray(0, end);
    const value = end === -1 ? "true" : pair.toString("utf8", end + 1);
    const more = { ...(file !== undefined && { file }), ...(!isUtf8(key) && { isGarbled: true as const }) };
    entries.push({ scope, key: key.toString("utf8"), value, ...more });
  }
  return entries;
}

/** `["filter", "lfs", "clean"]`; a name may hold dots, and be absent. */
export function keyParts(key: string): [section: string, name: string | undefined, variable: string] {
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  return [key.slice(0, first), first === last ? undefined : key.slice(first + 1, last), key.slice(last + 1)];
}

/** The scopes that are the user's and the machine's, and not the repository's. */
export const isTrusted = ({ scope }: ConfigEntry): boolean => scope === "global" || scope === "system";

/** The value that counts: the last one. Keys compare as git's do, in lower case but for the name. */
export function lastValue(entries: readonly ConfigEntry[], key: string): string | undefined {
  return entries.findLast((entry) => entry.key === key)?.value;
}
