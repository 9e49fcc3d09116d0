import { isUtf8 } from "node:buffer";
import type { Repository } from "../repositories/types.ts";
import { readPath } from "../text/paths.ts";

/**
 * The bytes of a client's path in the repository. `./a//b` and quoted names are accepted; a path that leads out is
 * refused.
 */
export function pathIn(repository: Pick<Repository, "path">, given: string): Buffer {
  const bytes = readPath(given);
  // The checks only look at "/" and ".git", so they can take other bytes as one character each.
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  return Buffer.from(repository.path(bytes.toString(encoding)), encoding);
}

/** The paths that limit a request; none for everything, or if they include the work tree itself. */
export function pathsIn(repository: Pick<Repository, "path">, given: readonly string[] = []): Buffer[] {
  const paths = given.map((one) => pathIn(repository, one));
  return paths.some((path) => path.toString() === ".") ? [] : paths;
}

/** A note for an empty answer: a path that looks like a pattern was taken literally, and such a file is rare. */
export const aboutPatterns = (paths: readonly string[] = []): string[] =>
  paths.some((path) => /[*?]|^:[(!/^]/.test(path))
    ? ["paths are names and not patterns: pass a file or a folder, src and not src/*.ts"]
    : [];

/** Tells whether a path is one of these, or lies in one of them. */
export function isUnder(paths: readonly Buffer[]): (path: Buffer) => boolean {
  const named = new Set(paths.map((path) => path.toString("latin1")));
  return (path) => {
    const name = path.toString("latin1");
    if (named.has(".") || named.has(name)) return true;
    for (let at = name.indexOf("/"); at !== -1; at = name.indexOf("/", at + 1)) {
      if (named.has(name.slice(0, at))) return true;
    }
    return false;
  };
}
