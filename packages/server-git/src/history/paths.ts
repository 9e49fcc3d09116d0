import { isUtf8 } from "node:buffer";
import { ToolError } from "@org/server-kit";
import type { Repository } from "../repositories/types.ts";
import { readPath, showPath } from "../text/paths.ts";

/** A client's path in the repository, in bytes: `./a//b` and a quoted name are taken, what leads out is refused. */
export function pathIn(repository: Pick<Repository, "path">, given: string): Buffer {
  const bytes = readPath(given);
  // The checks look at "/" and ".git" alone, so a name in other bytes passes through them one character a byte.
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  return Buffer.from(repository.path(bytes.toString(encoding)), encoding);
}

/**
 * Paths as arguments after `--`; nothing for none, or for the work tree itself. Arguments of a process are UTF-8.
 * @throws ToolError unsupported for a name in other bytes
 */
export function pathArguments(repository: Pick<Repository, "path">, given: readonly string[] | undefined): string[] {
  const paths = (given ?? []).map((one) => pathIn(repository, one));
  const other = paths.find((path) => !isUtf8(path));
  if (other) {
    throw new ToolError(
      "unsupported",
      `${showPath(other)} is not UTF-8, and git takes no such name here. Pass the folder that it is in.`,
    );
  }
  const names = paths.map(String);
  return names.length === 0 || names.includes(".") ? [] : ["--", ...names];
}
