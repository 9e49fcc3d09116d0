import { type BeneathCode, BeneathError } from "@org/beneath";
import { type ErrorCode, quote, ToolError } from "@org/server-kit";
import type { Place } from "./types.ts";
import { wordsFor } from "./words.ts";

const WORDS: Readonly<Record<BeneathCode, readonly [code: ErrorCode, words: string]>> = {
  outside: [
    "access_denied",
    "is outside the allowed directories, or leads out of them. list_allowed_directories lists them.",
  ],
  denied: ["access_denied", "is denied by this server's rules (--deny), or contains something that is."],
  name: ["invalid_input", "cannot be a path here: a name in it is too long or has a character that names cannot have."],
  not_found: ["not_found", "does not exist. Use list_directory to see what does."],
  exists: ["already_exists", "already exists and is not overwritten. Choose another path, or delete it first."],
  not_a_file: ["invalid_input", "is not a regular file but a directory, a FIFO, a device or a socket."],
  not_a_directory: ["invalid_input", "is not a directory, or passes through a file."],
  is_a_link: [
    "access_denied",
    "passes through a link that is not followed: it is dangling or circular, or links are off (--follow-symlinks).",
  ],
  not_empty: ["conflict", "is a directory that is not empty. Pass recursive: true to delete everything in it."],
  read_only: ["access_denied", "cannot be changed: it is served read-only."],
  too_large: ["too_large", "is larger than this server may load into memory (--max-read)."],
  no_permission: ["access_denied", "is not accessible: the operating system denies permission."],
  no_space: ["unavailable", "cannot be written: the disk or the quota is full."],
  busy: ["unavailable", "is busy. Try again."],
  gone: [
    "unavailable",
    "cannot be reached: its allowed directory is missing. It works again once the directory is back.",
  ],
  io: ["unavailable", "cannot be read or written: the operating system reports a failure. Try again."],
};

/** Characters of a path that an error message repeats. */
const SHOWN = 200;

/**
 * Turns a failure of the file system into an error for a model that names only the path the client gave. @param words
 * replace the general text for its code
 */
export function toToolError(error: unknown, words?: string): unknown {
  if (!(error instanceof BeneathError)) return error;
  const [code, usual] = WORDS[error.code];
  return new ToolError(code, `${quote(error.path, SHOWN)} ${words ?? usual}`);
}

/**
 * Runs one operation on files, and rewords its failure with the path that the client gave. @param places the place that
 * it works on, or both places of a move or copy; a failure names the right one @throws ToolError for failures of the
 * file system
 */
export async function onFiles<T>(
  places: Place | readonly [source: Place, destination: Place],
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof BeneathError)) throw error;
    const [source, destination = source] = "given" in places ? [places] : places;
    const place = error.side === "destination" ? destination : source;
    const words = await wordsFor(error.code, place);
    throw toToolError(new BeneathError(error.code, place.given), words);
  }
}

export const isCode = (error: unknown, ...codes: readonly BeneathCode[]): boolean =>
  error instanceof BeneathError && codes.includes(error.code);
