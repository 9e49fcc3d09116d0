import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { BeneathError, openRoot, type Root } from "@org/beneath";
import { type Log, quote, ToolError } from "@org/server-kit";
import { compileCover } from "../glob/cover.ts";
import { PatternError } from "../glob/pattern-error.ts";
import {
  below,
  openPlanned,
  type PlannedDirectory,
  planDirectories,
  type WantedDirectory,
  wantedBy,
} from "./directories.ts";
import { toToolError } from "./errors.ts";
import type { Allowed, Place, Sandbox, SandboxOptions } from "./types.ts";

// How a path is confined:
// 1. directories.ts opens each allowed directory as a root of @org/beneath, with its rules among the others. A root
// keeps working when its directory is removed and recreated; `look` opens directories that were missing at the start.
// 2. `at` finds the innermost root for a path, by text alone. It touches no file, so there is nothing to race.
// 3. Every operation goes through that root, which verifies handles and asks the root's judge (rules.ts) about the
// resolved path: denied by --deny, or read-only in a nested --ro directory.
// 4. errors.ts turns refusals into messages; words.ts and near-path.ts look again at what is missing.
// 5. kept.ts protects the allowed directories and the trash (trash.ts) themselves.
// An error message names paths only as the client gave them.

/**
 * Opens the directories that the command line allows. Unusable ones are left out with a warning. @throws ToolError when
 * none of them can be used, or an option is invalid
 */
export async function openSandbox(options: SandboxOptions, log: Log): Promise<Sandbox> {
  const { directories, ro, deny, maxRead, readOnly } = options;
  for (const glob of deny) requireGlob(glob);
  const trash = options.trash === undefined || readOnly ? undefined : await openTrash(options.trash);
  const wanted = [
    ...directories.map((path) => ({ path, writable: !readOnly })),
    ...ro.map((path) => ({ path, writable: false })),
  ];
  const { followSymlinks } = options;
  let allowed: readonly Allowed[] = [];
  let missing: readonly PlannedDirectory[] = [];
  let looking: Promise<void> | undefined;

  async function open(all: readonly WantedDirectory[]): Promise<void> {
    missing = await planDirectories(all, { deny, trash });
    await openMissing(false);
  }

  /** In their order. Directories that appear later are added last, so that relative paths keep their meaning. */
  async function openMissing(isAgain: boolean): Promise<void> {
    const planned = missing;
    const opened = await Promise.all(planned.map((one) => openPlanned(one, followSymlinks, log, isAgain)));
    const found = opened.filter((one) => typeof one === "object");
    // The host may have offered other roots in the meantime.
    if (planned !== missing) for (const { root } of found) await root.close();
    else {
      allowed = [...allowed, ...found];
      missing = planned.filter((_, index) => opened[index] === "missing");
    }
  }

  try {
    await open(wanted);
    if (wanted.length > 0 && allowed.length === 0) {
      throw new ToolError("not_found", "none of the directories can be used: each must exist and be a directory.");
    }
  } catch (error) {
    await trash?.close();
    throw error;
  }

  return {
    allowed: () => allowed,
    missing: () => missing,
    async look() {
      if (missing.length === 0) return;
      looking ??= openMissing(true).finally(() => {
        looking = undefined;
      });
      await looking;
    },
    at(given) {
      const [first] = allowed;
      if (!first) throw new ToolError("access_denied", NOTHING_ALLOWED);
      const path = given.replace(/^~(?=$|[/\\])/, () => homedir());
      const isLost = missing.some((one) => [one.path, one.real].some((lost) => below(lost, path) !== undefined));
      const place = isAbsolute(path)
        ? placeAmong(allowed, path, given, isLost ? "gone" : "outside")
        : placeIn(first, path, given);
      if (allowed.length === 1) return place;
      const { root, path: inside } = place;
      // A directory inside another one has its own rights, even when a path reaches it through the outer one or `..`.
      return placeAmong(allowed, `${root.path}/${inside}`, given);
    },
    maxRead,
    trash,
    async allow(uris) {
      const before = allowed;
      // Access that the host withdraws ends at once, even if the rest cannot be opened.
      allowed = [];
      try {
        await open(uris.flatMap((uri) => wantedBy(uri, !readOnly, log)));
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

const isAbsolute = (path: string): boolean =>
  path.startsWith("/") || (process.platform === "win32" && /^(?:[a-z]:|[\\/])/i.test(path));

function placeIn({ root, rules }: Allowed, path: string, given: string): Place {
  try {
    return { root, path: root.relative(path), given, rules };
  } catch (error) {
    throw toToolError(error instanceof BeneathError ? new BeneathError(error.code, given) : error);
  }
}

/** The innermost directory that contains the path. */
function placeAmong(
  allowed: readonly Allowed[],
  path: string,
  given: string,
  otherwise: "outside" | "gone" = "outside",
): Place {
  const innermostFirst = allowed.toSorted((a, b) => b.root.path.length - a.root.path.length);
  for (const { root, rules } of innermostFirst) {
    try {
      return { root, path: root.relative(path), given, rules };
    } catch (error) {
      if (!(error instanceof BeneathError)) throw error;
      if (error.code !== "outside") throw toToolError(new BeneathError(error.code, given));
    }
  }
  throw toToolError(new BeneathError(otherwise, given));
}

function requireGlob(glob: string): void {
  try {
    compileCover(glob);
    // A glob that silently matches nothing would leave open what somebody believes to be denied.
    if (glob.split("/").some((name, index) => name === ".." || (name === "." && (index > 0 || glob === ".")))) {
      throw new PatternError("`.` and `..` never appear in the paths that it is compared with: write it without them");
    }
  } catch (error) {
    throw new ToolError(
      "invalid_input",
      `--deny ${quote(glob)}: ${error instanceof Error ? error.message : "not a glob"}.`,
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
