import { homedir } from "node:os";
import { join } from "node:path";
import { type ConfigEntry, parseConfig } from "../git/config-list.ts";
import type { Runner } from "../git/types.ts";
import { readSmall, statOf } from "./read-small.ts";
import type { Place } from "./types.ts";

/** Repositories whose configuration is kept. */
const MOST_KEPT = 100;

const kept = new Map<string, { readonly key: string; readonly entries: readonly ConfigEntry[] }>();

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
  const files = [join(place.commonDirectory, "config"), join(place.gitDirectory, "config.worktree")];
  const own = await Promise.all(
    files.map(async (file) => {
      const text = (await readSmall(file))?.toString("latin1");
      return text ?? (versionOf(file) === "" ? "" : undefined);
    }),
  );
  const key = JSON.stringify([own, userFiles().map(versionOf)]);
  const before = kept.get(place.gitDirectory);
  if (before?.key === key) return before.entries;
  const listed = parseConfig(await runner().git(["config", "--list", "--show-scope", "-z"], { signal }));
  // What is set for the command itself is ours.
  const entries = listed.filter(({ scope }) => scope !== "command");
  kept.delete(place.gitDirectory);
  // One that is there and cannot be read here is read by git each time, too.
  if (own.every((text) => text !== undefined && !/\[\s*include/i.test(text))) {
    kept.set(place.gitDirectory, { key, entries });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  }
  return entries;
}

function userFiles(): string[] {
  const { HOME = homedir(), XDG_CONFIG_HOME = join(HOME, ".config"), GIT_CONFIG_GLOBAL } = process.env;
  return GIT_CONFIG_GLOBAL === undefined
    ? [join(HOME, ".gitconfig"), join(XDG_CONFIG_HOME, "git", "config")]
    : [GIT_CONFIG_GLOBAL];
}

function versionOf(file: string): string {
  const { mtimeMs, size, ino } = statOf(file) ?? {};
  return mtimeMs === undefined ? "" : `${mtimeMs} ${size} ${ino}`;
}
