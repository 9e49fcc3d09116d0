import { type BeneathCode, BeneathError } from "@org/beneath";
import { type ErrorCode, quote, ToolError } from "@org/server-kit";
import type { Place } from "./types.ts";
import { wordsFor } from "./words.ts";

const TOLD: Readonly<Record<BeneathCode, readonly [code: ErrorCode, words: string]>> = {
  outside: [
    "access_denied",
    "is outside the allowed directories, or leads out of them. list_allowed_directories tells which there are.",
  ],
  denied: ["access_denied", "is denied by this server's rules (--deny), or holds something that is."],
  name: ["invalid_input", "is no path that a file can have here: a name in it is too long, or holds what none may."],
  not_found: ["not_found", "does not exist. list_directory tells what there is."],
  exists: ["already_exists", "exists already, and is not overwritten. Choose another path, or delete it first."],
  not_a_file: ["invalid_input", "is no regular file: a directory, a FIFO, a device or a socket cannot be used as one."],
  not_a_directory: ["invalid_input", "is no directory, or leads through a file."],
  is_a_link: [
    "access_denied",
    "leads over a link that is not followed: it goes nowhere, in a circle, or links are off (--follow-symlinks).",
  ],
  not_empty: ["conflict", "is a directory that is not empty. Pass recursive to delete it with all that is in it."],
  read_only: ["access_denied", "cannot be changed: it is served for reading only."],
  too_large: ["too_large", "is larger than what this server takes into memory (--max-read)."],
  no_permission: ["access_denied", "is not permitted by the operating system."],
  no_space: ["unavailable", "cannot be written: the disk or the quota is full."],
  busy: ["unavailable", "is busy. Try again."],
  gone: [
    "unavailable",
    "cannot be reached: its directory was removed, replaced or unmounted. Restart the server once it is back.",
  ],
  io: ["unavailable", "cannot be read or written: the operating system reports a failure. Try again."],
};

/** Characters of a path that an error text repeats. */
const SHOWN = 200;

/**
 * A failure of the file system in words for a model, which name the path as the client gave it, and no other.
 * @param words what to say of it, rather than what is said of all with its code
 */
export function toToolError(error: unknown, words?: string): unknown {
  if (!(error instanceof BeneathError)) return error;
  const [code, usual] = TOLD[error.code];
  return new ToolError(code, `${quote(error.path, SHOWN)} ${words ?? usual}`);
}

/**
 * Runs one operation on files, and tells its failure with the path as the client gave it.
 * @param places the one that it works on, or both of a move or copy: a failure names the right one
 * @throws ToolError for what the file system refuses
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
