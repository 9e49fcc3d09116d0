import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { BeneathError, openRoot, type Root } from "@org/beneath";
import { type Log, ToolError } from "@org/server-kit";
import { realPathOf, withoutLinks } from "./real-path.ts";
import { createJudge, type Rules } from "./rules.ts";
import type { Allowed, SandboxOptions } from "./types.ts";

/** A directory that should be served. */
export interface WantedDirectory {
  readonly path: string;
  readonly writable: boolean;
}

/** A directory as decided when the server starts, whether or not it exists. */
export interface PlannedDirectory extends WantedDirectory {
  /** Its path with links resolved. A missing directory must be created there, and not as a link to elsewhere. */
  readonly real: string;
  readonly rules: Rules;
}

const HAS_PATH = /^file:(?:\/\/[^/]*\/|\/(?!\/))/i;

/** The directory of a host's root; roots that are not directories of this machine are left out. */
export function wantedBy(uri: string, writable: boolean, log: Log): WantedDirectory[] {
  try {
    // "file://" with an empty path is a mistake, and must not mean the whole disk.
    if (HAS_PATH.test(uri)) return [{ path: fileURLToPath(uri), writable }];
  } catch {
    // Logged below.
  }
  log.warn("a root of the host is not used: it is not a file URI of this machine");
  return [];
}

export type PlanOptions = Pick<SandboxOptions, "deny"> & { readonly trash: Root | undefined };

/**
 * Works out the rules of each directory among the others, including missing ones. @throws ToolError when the trash
 * would contain one of them
 */
export async function planDirectories(
  wanted: readonly WantedDirectory[],
  options: PlanOptions,
): Promise<readonly PlannedDirectory[]> {
  const found = await Promise.all(wanted.map(async (one) => ({ ...one, real: await realPathOf(one.path) })));
  // A directory named twice counts once, and is read-only if either says so.
  const byPath = new Map<string, WantedDirectory & { readonly real: string }>();
  for (const one of found) {
    const before = byPath.get(one.real);
    byPath.set(one.real, { ...(before ?? one), writable: one.writable && before?.writable !== false });
  }
  const all = [...byPath.values()];
  const { trash } = options;
  if (trash && all.some(({ real }) => below(trash.path, real) !== undefined)) {
    throw new ToolError("invalid_input", "--trash: it must not be an allowed directory, or contain one.");
  }
  const resolved = await Promise.all(options.deny.map((glob) => withoutLinks(slashed(expanded(glob)))));
  const deny = [...options.deny, ...resolved.flat()];
  const denyIn = (one: { readonly real: string; readonly path: string }) =>
    deny.map((glob) => inRoot(glob, [one.real, one.path]));
  const absolute = deny.map(expanded).filter((glob) => /^(?:\/|[a-z]:)/i.test(glob));
  const absoluteViews = (paths: readonly string[]) =>
    [...new Set(paths)].map((path) => ({ path: slashed(path).replace(/^\/+/, ""), deny: absolute }));
  return all.map(({ real, path, writable }) => {
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
    return { real, path, writable, rules };
  });
}

/**
 * Opens a directory. If it cannot be used, logs a warning with the reason, unless it was missing before. @returns
 * "unusable" when it is not a directory
 */
export async function openPlanned(
  { real, path, writable, rules }: PlannedDirectory,
  followLinks: SandboxOptions["followSymlinks"],
  log: Log,
  isAgain: boolean,
): Promise<Allowed | "missing" | "unusable"> {
  const judge = createJudge(rules);
  try {
    const root = await openRoot(path, { readOnly: !writable, followLinks, ...(judge && { judge }) });
    if (root.path === real) {
      log.info("directory", { path, writable, protection: root.protection });
      return { root, path, writable, rules };
    }
    // Somebody created a link where the directory was expected; its target was not allowed.
    await root.close();
    throw new BeneathError("outside", path);
  } catch (error) {
    if (!isAgain) log.warn("a directory is not used", { path, reason: reasonOf(error) });
    return error instanceof BeneathError && error.code === "not_a_directory" ? "unusable" : "missing";
  }
}

const reasonOf = (error: unknown) => (error instanceof BeneathError ? error.code : String(error));

const slashed = (path: string) => (process.platform === "win32" ? path.replaceAll("\\", "/") : path);

/** Where `path` is below `directory`: "" for the directory itself, undefined when it is elsewhere. */
export function below(directory: string, path: string): string | undefined {
  if (path === directory) return "";
  const [outer, inner] = [slashed(directory), slashed(path)];
  const prefix = outer.endsWith("/") ? outer : `${outer}/`;
  return inner.startsWith(prefix) ? inner.slice(prefix.length) : undefined;
}

const expanded = (glob: string) => glob.replace(/^~(?=\/)/, () => slashed(homedir()));

/**
 * A glob that begins with an allowed directory's own path is relative to it, even if that path contains glob
 * characters.
 */
function inRoot(glob: string, paths: readonly string[]): string {
  for (const path of paths) {
    const inside = below(path, expanded(glob).replace(/\/+$/, ""));
    if (inside !== undefined) return inside === "" ? "**" : `/${inside}`;
  }
  return glob;
}
