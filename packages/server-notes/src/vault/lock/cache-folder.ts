import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { quote, ToolError } from "@org/server-kit";

/**
 * The folder for what is kept about one notes folder: its name is made of the real path of the notes, so two ways
 * to one folder meet in it.
 * @param root real path of the notes folder
 * @param base where such folders are kept, such as the cache folder of the platform
 */
export function vaultCache(root: string, base: string): string {
  const key = createHash("sha256").update(root).digest("hex").slice(0, 24);
  return path.join(base, key);
}

/** @param env as `process.env`; a relative XDG_CACHE_HOME is no folder, as its specification has it */
export function platformCache(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home = homeOrOwn()): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = env;
  if (platform === "win32")
    return path.join(LOCALAPPDATA || path.join(home, "AppData", "Local"), "server-notes", "Cache");
  if (platform === "darwin") return path.join(home, "Library", "Caches", "server-notes");
  const isSet = XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME);
  return path.join(isSet ? XDG_CACHE_HOME : path.join(home, ".cache"), "server-notes");
}

/** A container may run as a user without a home: then a folder in the temporary one, which others can write to, too. */
function homeOrOwn(): string {
  try {
    return homedir();
  } catch {
    const uid = process.getuid?.() ?? 0;
    const own = path.join(tmpdir(), `server-notes-${uid}`);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const found = lstatSync(own);
    // Whoever made it first could read the index, and hold the lock.
    if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return own;
    throw new ToolError("access_denied", `${quote(own, 200)} belongs to somebody else. Pass --index-dir.`);
  }
}
