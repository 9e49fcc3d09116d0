/** Bytes that a path may have; on BSD and macOS 1,023. */
const LIMITS: Partial<Record<NodeJS.Platform, number>> = { linux: 4_095, win32: 259 };
const LIMIT = LIMITS[process.platform] ?? 1_023;

/**
 * The index by a path so long that the one of its lock, `.lock` longer, is too long. `git diff` writes a refreshed index where
 * only the times of files have changed, and unlike status heeds no GIT_OPTIONAL_LOCKS; when it gets no lock it compares all the
 * same, and writes nothing. Told not to refresh, it would show such files as changed.
 */
export function indexWithoutLock(gitDirectory: string): string {
  const fill = LIMIT - Buffer.byteLength(gitDirectory) - "index".length;
  return `${gitDirectory}${"/".repeat(Math.max(1, fill))}index`;
}
