import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { quote, ToolError } from "@org/server-kit";

/**
 * The folder for data about one notes folder: its name is derived from the real path of the notes, so that different
 * paths to one folder share it. @param root real path of the notes folder @param base the parent folder, such as the
 * platform's cache folder
 */
export function vaultCache(root: string, base: string): string {
  const key = createHash("sha256").update(root).digest("hex").slice(0, 24);
  return path.join(base, key);
}

/** @param env as `process.env`; a relative XDG_CACHE_HOME is ignored, as its specification requires */
export function platformCache(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home = homeOrOwn()): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = env;
  if (platform === "win32")
    return path.join(LOCALAPPDATA || path.join(home, "AppData", "Local"), "server-notes", "Cache");
  if (platform === "darwin") return path.join(home, "Library", "Caches", "server-notes");
  const isSet = XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME);
  return path.join(isSet ? XDG_CACHE_HOME : path.join(home, ".cache"), "server-notes");
}

/**
 * A container may run as a user without a home; then a folder inside the temporary one is used, which others can write
 * to.
 */
function homeOrOwn(): string {
  try {
    return homedir();
  } catch {
    const uid = process.getuid?.() ?? 0;
    const own = path.join(tmpdir(), `server-notes-${uid}`);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const found = lstatSync(own);
    // Whoever created it could read the index and hold the lock, so it must be our own.
    if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return own;
    throw new ToolError("access_denied", `${quote(own, 200)} belongs to somebody else. Pass --index-dir.`);
  }
}
