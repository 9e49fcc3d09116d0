import { isUtf8 } from "node:buffer";

/** One value of `git config --list --show-scope --show-origin -z`. */
export interface ConfigEntry {
  readonly scope: string;
  /** The file that sets it; undefined for a value from the environment or the command line. */
  readonly file?: string;
  /** `remote.Origin.url`: section and variable in lower case, the name between them as written. */
  readonly key: string;
  readonly value: string;
  /** The key is not valid UTF-8, so `key` is inexact and no environment variable can override it. */
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

/** `["filter", "lfs", "clean"]`; the name may contain dots or be missing. */
export function keyParts(key: string): [section: string, name: string | undefined, variable: string] {
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  return [key.slice(0, first), first === last ? undefined : key.slice(first + 1, last), key.slice(last + 1)];
}

/** Whether the user or the machine set it, rather than the repository. */
export const isTrusted = ({ scope }: ConfigEntry): boolean => scope === "global" || scope === "system";

/** The effective value, which is the last one. */
export function lastValue(entries: readonly ConfigEntry[], key: string): string | undefined {
  return entries.findLast((entry) => entry.key === key)?.value;
}
