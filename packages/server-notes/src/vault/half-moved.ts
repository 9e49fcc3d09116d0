import type { Stat } from "@org/beneath";
import { isCode, onFiles } from "./errors.ts";
import type { Vault } from "./vault.ts";

/**
 * Whether two paths name the same file. A move adds the new name and then removes the old one, so a crash in between
 * leaves both.
 */
export async function isHalfMoved(vault: Vault, from: string, to: string): Promise<boolean> {
  const [old, fresh] = await Promise.all([fileAt(vault, from), fileAt(vault, to)]);
  return old !== undefined && fresh !== undefined && old.dev === fresh.dev && old.ino === fresh.ino;
}

async function fileAt({ root }: Vault, path: string): Promise<Stat | undefined> {
  return onFiles(path, async () => {
    try {
      const stat = await root.stat(path);
      return stat.kind === "file" ? stat : undefined;
    } catch (error) {
      if (isCode(error, "not_found", "not_a_directory", "name", "is_a_link")) return undefined;
      throw error;
    }
  });
}
