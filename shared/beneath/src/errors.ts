/** What went wrong, for programs; the message says it in words. */
export type BeneathCode =
  | "outside"
  | "denied"
  | "name"
  | "not_found"
  | "exists"
  | "not_a_file"
  | "not_a_directory"
  | "is_a_link"
  | "not_empty"
  | "read_only"
  | "too_large"
  | "no_permission"
  | "no_space"
  | "busy"
  | "gone"
  | "io";

/** Which of the two paths of a move or copy failed. */
export type Side = "source" | "destination";

const SENTENCES: Readonly<Record<BeneathCode, string>> = {
  outside: "The path leads outside the folder.",
  denied: "The folder's rules deny the path.",
  name: "The path contains a name that cannot be used here.",
  not_found: "The path does not exist.",
  exists: "The path already exists.",
  not_a_file: "The path is not a regular file.",
  not_a_directory: "The path is not a directory, or passes through a file.",
  is_a_link: "The path is a symbolic link that is not followed.",
  not_empty: "The directory is not empty.",
  read_only: "The folder is open for reading only.",
  too_large: "The file is too large.",
  no_permission: "The operating system denies permission.",
  no_space: "The disk or the quota is full.",
  busy: "The file or the system is busy. Try again.",
  gone: "The folder was removed, unmounted or closed.",
  io: "The operating system reported a failure.",
};

const CODES: Readonly<Record<string, BeneathCode>> = {
  ENOENT: "not_found",
  EEXIST: "exists",
  ENOTDIR: "not_a_directory",
  EISDIR: "not_a_file",
  ELOOP: "is_a_link",
  ENOTEMPTY: "not_empty",
  EROFS: "read_only",
  EFBIG: "too_large",
  EACCES: "no_permission",
  EPERM: "no_permission",
  ENOSPC: "no_space",
  EDQUOT: "no_space",
  EBUSY: "busy",
  ETXTBSY: "busy",
  EMFILE: "busy",
  ENFILE: "busy",
  ESTALE: "gone",
  ENAMETOOLONG: "name",
  EILSEQ: "name",
};

/**
 * Every failure of this package. Its message and stack contain no path; `path` holds the one that the caller passed.
 */
export class BeneathError extends Error {
  override readonly name = "BeneathError";
  readonly code: BeneathCode;
  /** The path as the caller gave it. */
  readonly path: string;
  /** For `rename` and `copy`: which of the two paths failed. `path` holds that one. */
  readonly side: Side | undefined;

  constructor(code: BeneathCode, path: string, message = SENTENCES[code], side?: Side) {
    super(message);
    this.code = code;
    this.path = path;
    this.side = side;
  }
}

/** A refusal whose path is filled in by the outermost function. */
export const refusal = (code: BeneathCode, message?: string) => new BeneathError(code, "", message);

/** The destination of a move or copy already exists. */
export const taken = (to: string) => new BeneathError("exists", to, undefined, "destination");

/** An error thrown by the caller's own code, passed through to the caller unchanged. */
export class Foreign extends Error {}

/** The code of an error: the system's, such as `ENOENT`, or ours. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Translates an error for the path that the caller gave. Node's messages contain paths, so none of them is passed on.
 * An error that already names its path keeps it.
 */
export function translate(error: unknown, path: string, side?: Side): unknown {
  if (error instanceof Foreign) return error.cause;
  if (error instanceof BeneathError) {
    const isNamed = error.path !== "" || error.side !== undefined;
    return isNamed ? error : new BeneathError(error.code, path, error.message, side);
  }
  const errno = errnoOf(error);
  if (errno === undefined || !(error instanceof Error) || !("syscall" in error)) return error;
  return new BeneathError(CODES[errno] ?? "io", path, undefined, side);
}
