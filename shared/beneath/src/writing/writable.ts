import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { type BeneathCode, BeneathError, errnoOf, refusal } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import type { Place } from "../lookup/place.ts";
import { locate } from "../lookup/resolve.ts";
import { kindOf } from "../reading/stat.ts";

const REFUSED: ReadonlySet<BeneathCode> = new Set(["denied", "read_only", "outside", "is_a_link", "no_permission"]);
const FORBIDDEN: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * Whether the judge and the system would allow a write: for a file, its replacement; for a directory, a new name in it.
 * Links are followed as a write follows them.
 * @throws BeneathError "not_found"
 */
export async function mayWrite(anchor: Anchor, relative: string): Promise<boolean> {
  try {
    const place = await locate(anchor, relative, true, "write");
    try {
      return await isPermitted(place);
    } finally {
      place.close();
    }
  } catch (error) {
    const isRefused = error instanceof BeneathError && REFUSED.has(error.code);
    if (isRefused || FORBIDDEN.has(errnoOf(error) ?? "")) return false;
    throw error;
  }
}

async function isPermitted({ pin, directory, followed }: Place): Promise<boolean> {
  if (!pin) {
    if (followed) return false;
    throw refusal("not_found");
  }
  const kind = kindOf(pin.stat);
  if (kind !== "file" && kind !== "directory") return false;
  const enter = constants.W_OK | constants.X_OK;
  await access(pin.path, kind === "directory" ? enter : constants.W_OK);
  // Replacing a file changes its directory.
  if (kind === "file") await access(directory.path, enter);
  return true;
}
