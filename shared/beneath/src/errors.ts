/** What went wrong, for programs; the message says it for people. */
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

const SENTENCES: Readonly<Record<BeneathCode, string>> = {
  outside: "The path leads outside the folder.",
  denied: "The folder's rules deny the path.",
  name: "The path is not a name that can be used here.",
  not_found: "There is nothing with this path.",
  exists: "Something with this path exists already.",
  not_a_file: "The path is not a regular file.",
  not_a_directory: "The path is not a directory.",
  is_a_link: "The path is a symbolic link that is not followed.",
  not_empty: "The directory is not empty.",
  read_only: "The folder can only be read.",
  too_large: "The file is too large.",
  no_permission: "The operating system does not permit this.",
  no_space: "The disk or the quota is full.",
  busy: "The file or the system is busy. Try again.",
  gone: "The folder was removed, replaced or closed.",
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

/** Every failure of this package. Neither its message nor its stack holds a path: `path` is the caller's own. */
export class BeneathError extends Error {
  override readonly name = "BeneathError";
  readonly code: BeneathCode;
  /** The path as the caller gave it. */
  readonly path: string;

  constructor(code: BeneathCode, path: string, message = SENTENCES[code]) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/** A refusal whose path the outermost function fills in. */
export const refusal = (code: BeneathCode, message?: string) => new BeneathError(code, "", message);

/** An error of the caller's own code, which reaches the caller as it is. */
export class Foreign extends Error {}

/** The code of an error: the system's, `ENOENT` say, or ours. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Says what an error means for the path that the caller gave: Node's own messages hold paths, so none gets out. */
export function translate(error: unknown, path: string): unknown {
  if (error instanceof Foreign) return error.cause;
  if (error instanceof BeneathError) return new BeneathError(error.code, error.path || path, error.message);
  const errno = errnoOf(error);
  if (errno === undefined || !(error instanceof Error) || !("syscall" in error)) return error;
  return new BeneathError(CODES[errno] ?? "io", path);
}
