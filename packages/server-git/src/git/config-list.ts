/** One value of `git config --list --show-scope -z`. */
export interface ConfigEntry {
  readonly scope: string;
  /** Section and variable in lower case, the name between them as it is written: `remote.Origin.url`. */
  readonly key: string;
  readonly value: string;
}

/** `scope NUL key NEWLINE value NUL`; a key without a value, which means true, has no newline. */
export function parseConfig(output: Buffer): ConfigEntry[] {
  const fields = output.toString("utf8").split("\0");
  const entries: ConfigEntry[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope = "", pair = ""] = fields.slice(at, at + 2);
    const end = pair.indexOf("\n");
    const [key, value] = end === -1 ? [pair, "true"] : [pair.slice(0, end), pair.slice(end + 1)];
    entries.push({ scope, key, value });
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
