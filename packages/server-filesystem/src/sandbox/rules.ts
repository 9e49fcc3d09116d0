import { compileCover } from "../glob/cover.ts";

/** What is refused in one root: plain data, because threads need it too. */
export interface Rules {
  /** Globs of entries that nobody may read, write or see. */
  readonly deny: readonly string[];
  /** Other allowed directories below this one, relative to it. */
  readonly nested: readonly { readonly path: string; readonly writable: boolean }[];
  /** Where this directory is, for globs that are relative to a directory above it, or absolute. */
  readonly above?: readonly { readonly path: string; readonly deny: readonly string[] }[];
}

export type Judge = (path: string, access: "read" | "write") => "denied" | "read_only" | undefined;

/**
 * Judges paths whose links are resolved. Undefined where nothing is refused. @throws PatternError for an invalid glob
 */
export function createJudge({ deny, nested, above = [] }: Rules): Judge | undefined {
  if (deny.length === 0 && nested.length === 0) return undefined;
  // Allowing a directory separately must not bypass what is denied in the directory around it.
  const views = [{ path: "", deny }, ...above]
    .filter(({ deny }) => deny.length > 0)
    .map(({ path, deny }) => createView(fold(path), deny));
  const others = nested.map(({ path, writable }) => ({ other: fold(path), writable }));
  return (path, access) => {
    const folded = fold(path);
    if (views.some((isDenied) => isDenied(folded))) return "denied";
    if (access === "read") return undefined;
    for (const { other, writable } of others) {
      // The nested directory itself cannot be moved or removed from the outer one, whatever is allowed inside it.
      if (folded === other || (!writable && folded.startsWith(`${other}/`))) return "read_only";
    }
    return undefined;
  };
}

/** @param prefix where the paths to be judged are, as seen by the globs */
function createView(prefix: string, deny: readonly string[]): (path: string) => boolean {
  // Denying a directory denies its contents.
  const covers = deny.map((glob) => compileCover(glob.normalize("NFC")));
  const isDenied = (path: string) => {
    const names = path.split("/");
    return covers.some((cover) => cover(names));
  };
  if (prefix === "") return (path) => path !== "" && isDenied(path);
  if (isDenied(prefix)) return () => true;
  return (path) => path !== "" && isDenied(`${prefix}/${path}`);
}

// On some disks a different spelling of a name is the same file, so protection must not depend on spelling.
const fold = (path: string) => path.normalize("NFC").toLowerCase();
