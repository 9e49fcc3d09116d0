import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { BeneathError, openRoot, type Root } from "@org/beneath";
import { type Log, ToolError } from "@org/server-kit";
import { createJudge } from "./rules.ts";
import type { Allowed, SandboxOptions } from "./types.ts";

/** A directory that is to be served. */
export interface WantedDirectory {
  readonly path: string;
  readonly writable: boolean;
}

const HAS_PATH = /^file:(?:\/\/[^/]*\/|\/(?!\/))/i;

/** What a host's root says; a root that is no directory of this machine is left out. */
export function wantedBy(uri: string, writable: boolean, log: Log): WantedDirectory[] {
  try {
    // "file://" and an empty path is a mistake, which must not mean the whole disk.
    if (HAS_PATH.test(uri)) return [{ path: fileURLToPath(uri), writable }];
  } catch {
    // Told below.
  }
  log.warn("a root of the host is not used: it is no file URI of this machine");
  return [];
}

export type OpenOptions = Pick<SandboxOptions, "deny" | "followSymlinks"> & { readonly trash: Root | undefined };

/**
 * Opens directories with the rules that each has among the others. What cannot be used is left out with a warning.
 * @throws ToolError when the trash would lie around one of them
 */
export async function openDirectories(
  wanted: readonly WantedDirectory[],
  options: OpenOptions,
  log: Log,
): Promise<readonly Allowed[]> {
  const found = await Promise.all(wanted.map((one) => realPathOf(one, log)));
  // Named twice it is one, and for reading only when either says so.
  const byPath = new Map<string, WantedDirectory & { readonly real: string }>();
  for (const one of found.flat()) {
    const before = byPath.get(one.real);
    byPath.set(one.real, { ...(before ?? one), writable: one.writable && before?.writable !== false });
  }
  const all = [...byPath.values()];
  const { trash } = options;
  if (trash && all.some(({ real }) => below(trash.path, real) !== undefined)) {
    throw new ToolError("invalid_input", "--trash: it must not be an allowed directory, nor hold one.");
  }
  const deny = [...options.deny, ...(await Promise.all(options.deny.map(withoutLinks))).flat()];
  const denyIn = (one: { readonly real: string; readonly path: string }) =>
    deny.map((glob) => inRoot(glob, [one.real, one.path]));
  const absolute = deny.map(expanded).filter((glob) => /^(?:\/|[a-z]:)/i.test(glob));
  const absoluteViews = (paths: readonly string[]) =>
    [...new Set(paths)].map((path) => ({ path: slashed(path).replace(/^\/+/, ""), deny: absolute }));
  const opened: Allowed[] = [];
  for (const { real, path, writable } of all) {
    const others = [...all, ...(trash ? [{ real: trash.path, writable: false }] : [])];
    const nested = others.flatMap((other) => {
      const inside = below(real, other.real);
      return inside ? [{ path: inside, writable: other.writable }] : [];
    });
    const above = all.flatMap((other) => {
      const inside = below(other.real, real);
      return inside ? [{ path: inside, deny: denyIn(other) }] : [];
    });
    const rules = { deny: denyIn({ real, path }), nested, above: [...above, ...absoluteViews([real, path])] };
    const judge = createJudge(rules);
    try {
      const root = await openRoot(path, {
        readOnly: !writable,
        followLinks: options.followSymlinks,
        ...(judge && { judge }),
      });
      log.info("directory", { path, writable, protection: root.protection });
      opened.push({ root, path, writable, rules });
    } catch (error) {
      log.warn("a directory is not used", { path, reason: reasonOf(error) });
    }
  }
  return opened;
}

async function realPathOf(wanted: WantedDirectory, log: Log): Promise<(WantedDirectory & { readonly real: string })[]> {
  try {
    const root = await openRoot(wanted.path, { readOnly: true });
    await root.close();
    return [{ ...wanted, real: root.path }];
  } catch (error) {
    log.warn("a directory is not used", { path: wanted.path, reason: reasonOf(error) });
    return [];
  }
}

const reasonOf = (error: unknown) => (error instanceof BeneathError ? error.code : String(error));

const slashed = (path: string) => (process.platform === "win32" ? path.replaceAll("\\", "/") : path);

/** Where `path` is below `directory`, "" for itself, undefined when it is elsewhere. */
function below(directory: string, path: string): string | undefined {
  if (path === directory) return "";
  const [outer, inner] = [slashed(directory), slashed(path)];
  const prefix = outer.endsWith("/") ? outer : `${outer}/`;
  return inner.startsWith(prefix) ? inner.slice(prefix.length) : undefined;
}

const expanded = (glob: string) => glob.replace(/^~(?=\/)/, () => slashed(homedir()));

const SIGNS = /[*?[\]{}\\]/;

/**
 * An absolute glob with the links resolved in the directories that it begins with: somebody who denies
 * `/tmp/a/secret` means what is there, also where `/tmp` is a link and the allowed directory has its real path.
 */
async function withoutLinks(glob: string): Promise<string[]> {
  const names = slashed(expanded(glob)).split("/");
  const signs = names.findIndex((name) => SIGNS.test(name));
  for (let end = signs === -1 ? names.length - 1 : signs; names[0] === "" && end > 1; end -= 1) {
    try {
      const above = await realpath(names.slice(0, end).join("/"));
      if (above === names.slice(0, end).join("/") || SIGNS.test(above)) return [];
      return [[above.replace(/\/$/, ""), ...names.slice(end)].join("/")];
    } catch {
      // What is missing has no links; what is above it may.
    }
  }
  return [];
}

/** A glob that begins with an allowed directory's own path is meant from there, whatever signs that path has. */
function inRoot(glob: string, paths: readonly string[]): string {
  for (const path of paths) {
    const inside = below(path, expanded(glob).replace(/\/+$/, ""));
    if (inside !== undefined) return inside === "" ? "**" : `/${inside}`;
  }
  return glob;
}
