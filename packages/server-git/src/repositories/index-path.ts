/** Maximum length of a path in bytes; 1,023 on BSD and macOS. */
const LIMITS: Partial<Record<NodeJS.Platform, number>> = { linux: 4_095, win32: 259 };
const LIMIT = LIMITS[process.platform] ?? 1_023;

/**
 * A path to the index so long that the path of its lock file, with `.lock` at the end, exceeds the limit. When only the
 * times of files have changed, `git diff` writes a refreshed index, and unlike status it ignores GIT_OPTIONAL_LOCKS. If
 * it cannot create the lock, it still compares, and writes nothing. With refreshing disabled, it would show such files
 * as changed.
 */
export function indexWithoutLock(gitDirectory: string): string {
  const fill = LIMIT - Buffer.byteLength(gitDirectory) - "index".length;
  return `${gitDirectory}${"/".repeat(Math.max(1, fill))}index`;
}
