import { isUtf8 } from "node:buffer";
import { ToolError } from "@org/server-kit";

/**
 * The program and arguments for a git command with these paths after `--`. Node.js can only pass arguments in UTF-8, so
 * a shell builds any other name from the numbers of its bytes and passes it to git; no byte of a name is part of the
 * script.
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
  // `$(…)` drops line breaks at the end; the x protects them.
  const names = paths.map((path, at) => `p${at}=$(printf %b '${inOctal(path)}x')`);
  const words = paths.map((_, at) => `"\${p${at}%x}"`);
  return ["/bin/sh", ["-c", `${names.join("; ")}; exec git "$@" -- ${words.join(" ")}`, "git", ...args]];
}

const inOctal = (bytes: Buffer) => [...bytes].map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join("");
