import { isUtf8 } from "node:buffer";
import { ToolError } from "@org/server-kit";

/**
 * What to start for a git command with these paths after `--`. Node.js can pass no argument that is not UTF-8, so a shell
 * makes such a name from the numbers of its bytes and starts git with it; no byte of a name is part of the script.
 */
export function commandLine(
  args: readonly string[],
  paths: readonly Buffer[] = [],
): readonly [program: string, args: string[]] {
  if (paths.length === 0) return ["git", [...args]];
  if (paths.every((path) => isUtf8(path))) return ["git", [...args, "--", ...paths.map(String)]];
  if (process.platform === "win32") {
    throw new ToolError("unsupported", "a path is not UTF-8, and no program can be given it here. Pass its folder.");
  }
  // A shell drops line ends at the end of what it takes; the x keeps them.
  const names = paths.map((path, at) => `p${at}=$(printf %b '${inOctal(path)}x')`);
  const words = paths.map((_, at) => `"\${p${at}%x}"`);
  return ["/bin/sh", ["-c", `${names.join("; ")}; exec git "$@" -- ${words.join(" ")}`, "git", ...args]];
}

const inOctal = (bytes: Buffer) => [...bytes].map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join("");
