import { type BeneathCode, BeneathError } from "@org/beneath";
import { type ErrorCode, quote, ToolError } from "@org/server-kit";

const TOLD: Readonly<Record<BeneathCode, readonly [code: ErrorCode, words: string]>> = {
  outside: ["access_denied", "leads out of the notes folder. Pass a path relative to that folder."],
  denied: ["access_denied", "is denied."],
  name: ["invalid_input", "cannot be the name of a file here. Choose another name."],
  not_found: ["not_found", "does not exist."],
  exists: ["already_exists", "already exists. Choose another name."],
  not_a_file: ["access_denied", "is not a regular file. Only regular files can be notes."],
  not_a_directory: ["invalid_input", "passes through a file, not a folder."],
  is_a_link: ["access_denied", "is a symbolic link, or passes through one; links are not followed."],
  not_empty: ["conflict", "is a folder that is not empty."],
  read_only: ["access_denied", "cannot be changed: the folder is read-only."],
  too_large: ["too_large", "is larger than the 16 MB that this server handles."],
  no_permission: ["access_denied", "is not permitted by the operating system."],
  no_space: ["unavailable", "cannot be written: the disk or the quota is full."],
  busy: ["unavailable", "is busy. Try again."],
  gone: [
    "unavailable",
    "cannot be reached: the notes folder is missing. Try again once it is back; no restart is needed.",
  ],
  io: ["unavailable", "cannot be read or written: the operating system reported an error. Try again."],
};

/** Turns a failure of the file system into an error for a model, which names only paths relative to the notes. */
export function toToolError(error: unknown, path: string): unknown {
  if (!(error instanceof BeneathError)) return error;
  const [code, words] = TOLD[error.code];
  return new ToolError(code, `${quote(path, 200)} ${words}`);
}

/** Runs one operation on files. @throws ToolError for failures of the file system */
export async function onFiles<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw toToolError(error, path);
  }
}

export const isCode = (error: unknown, ...codes: readonly BeneathCode[]): boolean =>
  error instanceof BeneathError && codes.includes(error.code);
