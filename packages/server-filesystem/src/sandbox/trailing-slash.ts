import { quote, ToolError } from "@org/server-kit";
import { onFiles } from "./errors.ts";
import type { Place } from "./types.ts";

const SLASH_AT_END = process.platform === "win32" ? /[\\/]\.?[\\/]*$/ : /\/\.?\/*$/;

/** Whether a path ends like a directory's: `x/`. */
export const meansDirectory = ({ given }: Pick<Place, "given">): boolean => SLASH_AT_END.test(given);

/** @throws ToolError invalid_input for a path that names a directory where a file is expected */
export function refuseSlash(place: Place): void {
  if (!meansDirectory(place)) return;
  throw new ToolError(
    "invalid_input",
    `${quote(place.given, 200)} names a directory, because it ends in /. Leave out the / to name a file.`,
  );
}

/**
 * Checks that a path with a trailing slash is a directory before it is moved or deleted; a link to one is not. @throws
 * ToolError invalid_input
 */
export async function requireDirectory(place: Place): Promise<void> {
  if (!meansDirectory(place) || place.path === "") return;
  const { kind } = await onFiles(place, () => place.root.stat(place.path));
  if (kind === "directory") return;
  const what = kind === "symlink" ? "a link" : "not a directory";
  throw new ToolError("invalid_input", `${quote(place.given, 200)} is ${what}. Leave out the / at its end.`);
}
