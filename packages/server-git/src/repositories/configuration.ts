import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type ConfigEntry, parseConfig } from "../git/config-list.ts";
import type { Runner } from "../git/types.ts";
import type { Place } from "./types.ts";

/** Repositories whose configuration is kept. */
const MOST_KEPT = 100;

const kept = new Map<string, { readonly key: string; readonly entries: readonly ConfigEntry[] }>();

/**
 * All values that count in a repository, by git itself. Kept until a file changes: asking costs as much as a small status
 * does. Never kept where the repository includes other files, whose changes would not be seen.
 * @param runner with an environment that runs nothing, since drivers are not known yet
 */
export async function readConfiguration(
  place: Place,
  runner: Runner,
  signal: AbortSignal,
): Promise<readonly ConfigEntry[]> {
  const own = await Promise.all(
    [join(place.commonDirectory, "config"), join(place.gitDirectory, "config.worktree")].map((file) =>
      readFile(file, "latin1").catch(() => ""),
    ),
  );
  const key = JSON.stringify([own, await Promise.all(userFiles().map(versionOf))]);
  const before = kept.get(place.gitDirectory);
  if (before?.key === key) return before.entries;
  const entries = parseConfig(await runner.git(["config", "--list", "--show-scope", "-z"], { signal }));
  kept.delete(place.gitDirectory);
  if (!own.some((text) => /\[\s*include/i.test(text))) {
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

const versionOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
    () => "",
  );
