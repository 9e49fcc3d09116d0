import { realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { quote, ToolError } from "@org/server-kit";
import { isInside } from "../git/inside.ts";

/** Everything that git treats as `.git` on some file system: other letter case, NTFS short names and streams. */
const DOT_GIT = /^(?:\.git|git~1)[ .]*(?::.*)?$/i;
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** See `Repository.path`. */
export function clientPath(workTree: string, given: string): string {
  if (given.includes("\0")) throw new ToolError("invalid_input", "a path contains a NUL character.");
  if (given === "") throw new ToolError("invalid_input", 'a path is empty. Pass "." for the whole work tree.');
  const inTree = isAbsolute(given) ? fromAbsolute(workTree, given) : given;
  const parts: string[] = [];
  for (const part of inTree.split(sep === "\\" ? /[\\/]/ : "/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.pop() === undefined) throw outside(given);
      continue;
    }
    if (DOT_GIT.test(part.replace(HFS_IGNORED, ""))) {
      throw new ToolError(
        "access_denied",
        `${quote(given, 200)} lies in .git, which no tool reads or writes as files.`,
      );
    }
    parts.push(part);
  }
  return parts.join("/") || ".";
}

/** The work tree's own path contains no symlinks; a client's path may. */
function fromAbsolute(workTree: string, given: string): string {
  const plain = resolve(given);
  if (isInside(workTree, plain)) return relative(workTree, plain);
  for (let folder = dirname(plain); folder !== dirname(folder); folder = dirname(folder)) {
    const real = realPath(folder);
    if (real !== undefined && isInside(workTree, real)) return relative(workTree, join(real, relative(folder, plain)));
    if (real !== undefined) break;
  }
  throw outside(given);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

const outside = (given: string) =>
  new ToolError(
    "access_denied",
    `${quote(given, 200)} is outside of the work tree. Pass a path relative to the work tree.`,
  );
