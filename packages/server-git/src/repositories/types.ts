import type { ConfigEntry } from "../git/config-list.ts";
import type { FoundObject } from "../git/lookup.ts";
import type { Setting } from "../git/settings.ts";
import type { Runner, RunOptions } from "../git/types.ts";

/** Where a repository lies; every path is absolute, without symlinks, and under a configured folder. */
export interface Place {
  /** The folder of the files. */
  readonly workTree: string;
  /** `.git`, or what a `.git` file names: its own for each linked worktree and submodule. */
  readonly gitDirectory: string;
  /** Where objects and branches are: the main repository's git directory for a linked worktree. */
  readonly commonDirectory: string;
  readonly kind: "main" | "linked worktree" | "submodule";
}

/** What is checked out. */
export interface Head {
  /** The short name of the branch; undefined when detached. */
  readonly branch?: string;
  /** The commit; undefined for a branch without commits. */
  readonly commit?: string;
}

/** Which work tree and branch an answer is about, for structured answers. */
export interface Where {
  readonly work_tree: string;
  /** `main`, `main (no commits yet)` or `detached at 1a2b3c4`. */
  readonly branch: string;
}

/** A repository that one call has opened: checked to lie under the configured folders, its drivers and hooks off. */
export interface Repository extends Place, Runner {
  /** Read anew each time: a checkout by anybody changes it. */
  head(signal: AbortSignal): Promise<Head>;
  where(signal: AbortSignal): Promise<Where>;
  /** The same as one line: `work tree /code/site (linked worktree), branch main`. */
  header(signal: AbortSignal): Promise<string>;
  /** Whether history ends at a boundary: the file `shallow` is there and not empty. */
  readonly isShallow: boolean;
  /**
   * The id of the object that a revision of a client names; safe as an argument. `kind` peels it, `commit` by default.
   * @throws ToolError `not_found` with the nearest names, `invalid_input` for what is no revision
   */
  resolve(revision: string, signal: AbortSignal, kind?: "commit" | "tree" | "blob" | "object"): Promise<string>;
  /** What a name means that holds no client's revision, `<id>^{tree}:src/a.txt`; undefined where git knows nothing of it. */
  find(name: string, signal: AbortSignal): Promise<FoundObject | undefined>;
  /**
   * A path of a client, relative to the work tree, with `/`: `./a//b` is `a/b`, the work tree itself is `.`. Absolute
   * paths inside the work tree are taken. Pass it after `--` only.
   * @throws ToolError `access_denied` for what leads out or into `.git`, `invalid_input` for NUL
   */
  path(given: string): string;
  /** Whether a path lies under a configured folder, as text; for paths that an answer names. */
  isServed(path: string): boolean;
  /** One value of the configuration, as the last file that sets it says. */
  config(key: string): string | undefined;
  /** All of the configuration, with the scope that each value is from. */
  readonly entries: readonly ConfigEntry[];
  /** Whether its hooks, filters and merge drivers run. */
  readonly allowHooks: boolean;
  /** A runner with further settings and variables: for a signature, or a remote. */
  withSettings(settings: readonly Setting[], env?: Readonly<Record<string, string>>, needsKeys?: boolean): Runner;
  /** As `chunks`, for `git diff` with the work tree, which would write the index and here cannot. */
  comparing(args: readonly string[], options: RunOptions): AsyncGenerator<Buffer, void, undefined>;
  /**
   * Checks that a change would go nowhere else.
   * @param refs full names of what it updates besides HEAD and its branch; with `/` at the end, all below
   * @throws ToolError `access_denied` for a repository of another user, and for a branch or log that leads out
   */
  mayChange(refs: readonly string[]): Promise<void>;
  /** Runs a change after this check: one at a time in this process, again for a second when another holds the lock. */
  change<T>(work: (safe: Repository) => Promise<T>, refs?: readonly string[]): Promise<T>;
}

/** What a look through the configured folders found. */
export interface Found {
  readonly places: readonly Place[];
  /** Work trees that are not served, with the reason. */
  readonly refused: readonly { readonly work_tree: string; readonly reason: string }[];
  /** False when there were more folders than are looked into. */
  readonly isComplete: boolean;
}

export interface Repositories {
  /** @param given `repo_path`; may be left out when one repository is configured. Any path inside a work tree is taken. */
  open(given: string | undefined, signal: AbortSignal): Promise<Repository>;
  /** All of them under the configured folders, sorted by work tree. */
  list(signal: AbortSignal): Promise<Found>;
  /** Ends what is kept for the next call. */
  close(): void;
}
