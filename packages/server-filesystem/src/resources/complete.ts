import { BeneathError } from "@org/beneath";
import { ToolError } from "@org/server-kit";
import type { Sandbox } from "../sandbox/types.ts";
import { absoluteOf } from "../sandbox/uri.ts";

/** Most directory entries that one completion looks at. */
const LOOKED_AT = 10_000;
/** Most values offered. */
const OFFERED = 1000;

/** Paths that begin with what was typed: allowed directories, or entries of one, directories with a trailing "/". */
export async function completions(typed: string, sandbox: Sandbox): Promise<readonly string[]> {
  const roots = sandbox
    .allowed()
    .map(({ path }) => `${typedForm(path, typed)}/`)
    .filter((path) => path.startsWith(typed) && path !== typed);
  const slash = typed.lastIndexOf("/") + 1;
  const inside = await entries(typed.slice(0, slash), typed.slice(slash), sandbox);
  return [...new Set([...roots, ...inside])].sort().slice(0, OFFERED);
}

/** An absolute path as the variable holds it, without the first "/" unless that was typed. */
function typedForm(path: string, typed: string): string {
  const slashed = process.platform === "win32" ? path.replaceAll("\\", "/") : path;
  const plain = slashed.replace(/^\/|\/$/g, "");
  return typed.startsWith("/") ? `/${plain}` : plain;
}

async function entries(directory: string, begun: string, sandbox: Sandbox): Promise<string[]> {
  const found: string[] = [];
  try {
    const { root, path } = sandbox.at(absoluteOf(directory));
    let left = LOOKED_AT;
    for await (const { name, kind, addressable } of root.list(path)) {
      if (addressable && name.startsWith(begun)) found.push(`${directory}${name}${kind === "directory" ? "/" : ""}`);
      left -= 1;
      if (left === 0) break;
    }
  } catch (error) {
    // If the directory cannot be listed, there is nothing to offer.
    if (!(error instanceof BeneathError || error instanceof ToolError)) throw error;
  }
  return found;
}
