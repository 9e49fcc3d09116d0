import { compileCover } from "../glob/cover.ts";

/** What refuses paths of one root: plain data, since threads have to know it too. */
export interface Rules {
  /** Globs of what nobody may read, write or see. */
  readonly deny: readonly string[];
  /** Other allowed directories below this one, relative to it. */
  readonly nested: readonly { readonly path: string; readonly writable: boolean }[];
  /** Where this directory is for globs that are not relative to it: to one that it is below, or absolute ones. */
  readonly above?: readonly { readonly path: string; readonly deny: readonly string[] }[];
}

export type Judge = (path: string, access: "read" | "write") => "denied" | "read_only" | undefined;

/**
 * Judges paths that have their links resolved. Undefined where nothing is refused.
 * @throws PatternError for a glob that is none
 */
export function createJudge({ deny, nested, above = [] }: Rules): Judge | undefined {
  if (deny.length === 0 && nested.length === 0) return undefined;
  // A directory that is named on its own is no way around what is denied in the one around it.
  const views = [{ path: "", deny }, ...above]
    .filter(({ deny }) => deny.length > 0)
    .map(({ path, deny }) => createView(fold(path), deny));
  const others = nested.map(({ path, writable }) => ({ other: fold(path), writable }));
  return (path, access) => {
    const folded = fold(path);
    if (views.some((isDenied) => isDenied(folded))) return "denied";
    if (access === "read") return undefined;
    for (const { other, writable } of others) {
      // The directory itself is neither moved nor removed from above, whatever may be done inside of it.
      if (folded === other || (!writable && folded.startsWith(`${other}/`))) return "read_only";
    }
    return undefined;
  };
}

/** @param prefix where the paths that it is asked for are for the globs */
function createView(prefix: string, deny: readonly string[]): (path: string) => boolean {
  // Denying a directory denies what is in it.
  const covers = deny.map((glob) => compileCover(glob.normalize("NFC")));
  const isDenied = (path: string) => {
    const names = path.split("/");
    return covers.some((cover) => cover(names));
  };
  if (prefix === "") return (path) => path !== "" && isDenied(path);
  if (isDenied(prefix)) return () => true;
  return (path) => path !== "" && isDenied(`${prefix}/${path}`);
}

// On some disks another spelling of a name is the same file, so spelling must not be what protects one.
const fold = (path: string) => path.normalize("NFC").toLowerCase();
