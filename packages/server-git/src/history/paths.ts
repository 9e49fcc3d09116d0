import { isUtf8 } from "node:buffer";
import type { Repository } from "../repositories/types.ts";
import { readPath } from "../text/paths.ts";

/** A client's path in the repository, in bytes: `./a//b` and a quoted name are taken, what leads out is refused. */
export function pathIn(repository: Pick<Repository, "path">, given: string): Buffer {
  const bytes = readPath(given);
  // The checks look at "/" and ".git" alone, so a name in other bytes passes through them one character a byte.
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  return Buffer.from(repository.path(bytes.toString(encoding)), encoding);
}

/** The paths that a question is limited to; none for all, or where the work tree itself is among them. */
export function pathsIn(repository: Pick<Repository, "path">, given: readonly string[] = []): Buffer[] {
  const paths = given.map((one) => pathIn(repository, one));
  return paths.some((path) => path.toString() === ".") ? [] : paths;
}

/** A note for an empty answer: paths that look like patterns are taken as names, and rarely is there such a file. */
export const aboutPatterns = (paths: readonly string[] = []): string[] =>
  paths.some((path) => /[*?]|^:[(!/^]/.test(path))
    ? ["paths are names and not patterns: pass a file or a folder, src and not src/*.ts"]
    : [];
