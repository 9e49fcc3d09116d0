import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type ConfigEntry, isTrusted, parseConfig } from "../git/config-list.ts";
import type { Runner } from "../git/types.ts";
import { readSmall, versionOf } from "./read-small.ts";
import type { Place } from "./types.ts";

/** The most repositories whose configuration is cached. */
const MOST_KEPT = 100;

interface Kept {
  /** The text of the repository's own files. */
  readonly own: string;
  /** Files of the user and the machine, including those that they include. */
  readonly others: readonly string[];
  readonly versions: string;
  readonly entries: readonly ConfigEntry[];
}

const kept = new Map<string, Kept>();

/**
 * The effective configuration of a repository, as git reads it. Cached until a file changes, since asking git costs as
 * much as a small status. Never cached if the repository includes other files, whose changes would go unnoticed.
 * @param runner returns one whose environment runs nothing, since the drivers to disable are not known yet
 */
export async function readConfiguration(
  place: Place,
  runner: () => Runner,
  signal: AbortSignal,
): Promise<readonly ConfigEntry[]> {
  const text = await ownText(place);
  const before = kept.get(place.gitDirectory);
  if (text !== undefined && before?.own === text && before.versions === versionsOf(before.others))
    return before.entries;
  const list = ["config", "--list", "--show-scope", "--show-origin", "-z"];
  const listed = parseConfig(await runner().git(list, { signal }));
  // Values with the scope "command" are our own settings.
  const entries = listed.filter(({ scope }) => scope !== "command");
  kept.delete(place.gitDirectory);
  // Nor if the user's own files include others on some branches, or a file changed meanwhile: git may have read either.
  const isByBranch = entries.some(({ key }) => key.startsWith("includeif.onbranch:"));
  if (text !== undefined && !isByBranch && !/\[\s*include/i.test(text) && text === (await ownText(place))) {
    const others = [...new Set([...userFiles(), ...entries.filter(isTrusted).flatMap(filesOf)])];
    kept.set(place.gitDirectory, { own: text, others, versions: versionsOf(others), entries });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  }
  return entries;
}

/** The repository's own files as text; undefined if one exists but cannot be read. */
async function ownText({ commonDirectory, gitDirectory }: Place): Promise<string | undefined> {
  const texts: string[] = [];
  for (const file of [join(commonDirectory, "config"), join(gitDirectory, "config.worktree")]) {
    const text = (await readSmall(file))?.toString("latin1");
    if (text === undefined && versionOf(file) !== "") return undefined;
    texts.push(text ?? "");
  }
  return texts.join("\0");
}

/** The file that sets a value, and a file that it includes, which may not exist yet. */
function filesOf({ key, file, value }: ConfigEntry): string[] {
  if (file === undefined) return [];
  if (!/^include(?:if\..+)?\.path$/s.test(key)) return [file];
  return [file, resolve(dirname(file), value.replace(/^~(?=\/)/, process.env.HOME ?? homedir()))];
}

function userFiles(): string[] {
  const { HOME = homedir(), XDG_CONFIG_HOME = join(HOME, ".config"), GIT_CONFIG_GLOBAL } = process.env;
  return GIT_CONFIG_GLOBAL === undefined
    ? [join(HOME, ".gitconfig"), join(XDG_CONFIG_HOME, "git", "config")]
    : [GIT_CONFIG_GLOBAL];
}

const versionsOf = (files: readonly string[]) => files.map(versionOf).join("\n");
