import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { BeneathError, openRoot, type Root } from "@org/beneath";
import { type Log, quote, ToolError } from "@org/server-kit";
import { compileCover } from "../search/cover.ts";
import { PatternError } from "../search/pattern-error.ts";
import { openDirectories, type Wanted, wantedBy } from "./directories.ts";
import { toToolError } from "./errors.ts";
import type { Rules } from "./rules.ts";

/** A directory that is served. */
export interface Allowed {
  readonly root: Root;
  /** Absolute, as whoever allowed it named it. */
  readonly path: string;
  readonly writable: boolean;
  /** What the root's judge goes by, for the threads that search. */
  readonly rules: Rules;
}

/** Where a client's path leads, by its text alone. */
export interface Place {
  readonly root: Root;
  /** Relative to the root. */
  readonly path: string;
  /** As the client gave it: the only path that an error text names. */
  readonly given: string;
  readonly rules: Rules;
  /** Whether something is to be made there: what is missing then is the directory that it is to be in. */
  readonly isNew?: boolean;
}

/** All that the tools may reach. */
export interface Sandbox {
  /** In the order in which they were given. */
  allowed(): readonly Allowed[];
  /** @throws ToolError `access_denied` for a path outside, `invalid_input` for one that cannot be */
  at(path: string): Place;
  /** Bytes of one file that a call takes into memory. */
  readonly maxRead: number;
  /** Where deleted files go, if anywhere. */
  readonly trash: Root | undefined;
  /** Serves what the host offers as its roots, and nothing else from now on. */
  allow(uris: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface SandboxOptions {
  readonly directories: readonly string[];
  /** Directories that are served for reading only. */
  readonly ro: readonly string[];
  readonly deny: readonly string[];
  readonly trash: string | undefined;
  readonly maxRead: number;
  readonly followSymlinks: "inside" | "never";
  /** Whether nothing at all may be changed. */
  readonly readOnly: boolean;
}

/**
 * Opens the directories that the command line allows. One that cannot be used is left out with a warning.
 * @throws ToolError when none of them can be used, or an option makes no sense
 */
export async function openSandbox(options: SandboxOptions, log: Log): Promise<Sandbox> {
  const { directories, ro, deny, maxRead, readOnly } = options;
  for (const glob of deny) requireGlob(glob);
  const trash = options.trash === undefined || readOnly ? undefined : await openTrash(options.trash);
  const wanted = [
    ...directories.map((path) => ({ path, writable: !readOnly })),
    ...ro.map((path) => ({ path, writable: false })),
  ];
  const open = (all: readonly Wanted[]) => openDirectories(all, { ...options, trash }, log);
  let allowed = await open(wanted);
  if (wanted.length > 0 && allowed.length === 0) {
    await trash?.close();
    throw new ToolError("not_found", "none of the directories can be used: each must exist and be a directory.");
  }

  return {
    allowed: () => allowed,
    at(given) {
      const [first] = allowed;
      if (!first) throw new ToolError("access_denied", NOTHING_ALLOWED);
      const path = given.replace(/^~(?=$|[/\\])/, () => homedir());
      const { root, path: inside } = isAbsolute(path) ? placeAmong(allowed, path, given) : placeIn(first, path, given);
      // A directory inside another one has its own rights, however a path leads there: relative, or with `..` in it.
      return placeAmong(allowed, `${root.path}/${inside}`, given);
    },
    maxRead,
    trash,
    async allow(uris) {
      const before = allowed;
      // What the host takes back is taken back, also when the rest cannot be opened.
      allowed = [];
      try {
        allowed = await open(uris.flatMap((uri) => wantedBy(uri, !readOnly, log)));
      } finally {
        for (const { root } of before) await root.close();
      }
    },
    async close() {
      for (const { root } of allowed) await root.close();
      await trash?.close();
    },
  };
}

export const NOTHING_ALLOWED =
  "no directory is allowed yet. Pass directories when the server is started (server-filesystem ~/Documents), or use " +
  "a host that offers its roots.";

/** A path below `given`, in the way in which the client names paths. */
export function joined(given: string, below: string): string {
  if (below === "") return given;
  if (given === "" || given === ".") return below;
  return given.endsWith("/") ? `${given}${below}` : `${given}/${below}`;
}

const isAbsolute = (path: string): boolean =>
  path.startsWith("/") || (process.platform === "win32" && /^(?:[a-z]:|[\\/])/i.test(path));

function placeIn({ root, rules }: Allowed, path: string, given: string): Place {
  try {
    return { root, path: root.relative(path), given, rules };
  } catch (error) {
    throw toToolError(error instanceof BeneathError ? new BeneathError(error.code, given) : error);
  }
}

/** The innermost directory that the path is in. */
function placeAmong(allowed: readonly Allowed[], path: string, given: string): Place {
  const innermostFirst = allowed.toSorted((a, b) => b.root.path.length - a.root.path.length);
  for (const { root, rules } of innermostFirst) {
    try {
      return { root, path: root.relative(path), given, rules };
    } catch (error) {
      if (!(error instanceof BeneathError)) throw error;
      if (error.code !== "outside") throw toToolError(new BeneathError(error.code, given));
    }
  }
  throw toToolError(new BeneathError("outside", given));
}

function requireGlob(glob: string): void {
  try {
    compileCover(glob);
    // What is quietly matched by nothing would leave open what somebody believes to be denied.
    if (glob.split("/").some((name, index) => name === ".." || (name === "." && (index > 0 || glob === ".")))) {
      throw new PatternError("`.` and `..` are no names of paths that are asked for: write it without them");
    }
  } catch (error) {
    throw new ToolError(
      "invalid_input",
      `--deny ${quote(glob)}: ${error instanceof Error ? error.message : "no glob"}.`,
    );
  }
}

async function openTrash(path: string): Promise<Root> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return await openRoot(path);
  } catch {
    throw new ToolError("invalid_input", "--trash: the folder cannot be made or opened.");
  }
}
