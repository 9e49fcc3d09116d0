import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type ConfigEntry, isTrusted, parseConfig } from "../git/config-list.ts";
import type { Runner } from "../git/types.ts";
import { readSmall, versionOf } from "./read-small.ts";
import type { Place } from "./types.ts";

/** Repositories whose configuration is kept. */
const MOST_KEPT = 100;

interface Kept {
  /** What the repository's own files said. */
  readonly own: string;
  /** The user's and the machine's files, also those that they include. */
  readonly others: readonly string[];
  readonly versions: string;
  readonly entries: readonly ConfigEntry[];
}

const kept = new Map<string, Kept>();

/**
 * All values that count in a repository, by git itself. Kept until a file changes: asking costs as much as a small status
 * does. Never kept where the repository includes other files, whose changes would not be seen.
 * @param runner gives one with an environment that runs nothing, since drivers are not known yet
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
  // What is set for the command itself is ours.
  const entries = listed.filter(({ scope }) => scope !== "command");
  kept.delete(place.gitDirectory);
  // Not when it was changed meanwhile: what git read may be neither the one nor the other.
  if (text !== undefined && !/\[\s*include/i.test(text) && text === (await ownText(place))) {
    const others = [...new Set([...userFiles(), ...entries.filter(isTrusted).flatMap(filesOf)])];
    kept.set(place.gitDirectory, { own: text, others, versions: versionsOf(others), entries });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  }
  return entries;
}

/** The files of the repository itself; undefined where one is there and cannot be read here. */
async function ownText({ commonDirectory, gitDirectory }: Place): Promise<string | undefined> {
  const texts: string[] = [];
  for (const file of [join(commonDirectory, "config"), join(gitDirectory, "config.worktree")]) {
    const text = (await readSmall(file))?.toString("latin1");
    if (text === undefined && versionOf(file) !== "") return undefined;
    texts.push(text ?? "");
  }
  return texts.join("\0");
}

/** The file of a value, and the one that it includes, which may not be there yet. */
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
