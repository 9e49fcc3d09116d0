import type { ConfigEntry } from "../git/config-list.ts";
import type { FoundObject } from "../git/lookup.ts";
import type { Setting } from "../git/settings.ts";
import type { Runner, RunOptions } from "../git/types.ts";

/** The paths of a repository, all of them absolute, without symlinks, and under a configured folder. */
export interface Place {
  /** The folder with the files. */
  readonly workTree: string;
  /** `.git`, or the folder that a `.git` file names; each linked worktree and submodule has its own. */
  readonly gitDirectory: string;
  /** Where objects and branches are stored; for a linked worktree, the main repository's git directory. */
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

/** The work tree and branch that a structured answer is about. */
export interface Where {
  readonly work_tree: string;
  /** `main`, `main (no commits yet)` or `detached at 1a2b3c4`. */
  readonly branch: string;
}

/** A repository opened for one call: checked to be under the configured folders, with its drivers and hooks disabled. */
export interface Repository extends Place, Runner {
  /** Read anew each time, since anybody may check out another branch. */
  head(signal: AbortSignal): Promise<Head>;
  where(signal: AbortSignal): Promise<Where>;
  /** The same as one line: `work tree /code/site (linked worktree), branch main`. */
  header(signal: AbortSignal): Promise<string>;
  /** Whether history ends at a boundary: the file `shallow` exists and is not empty. */
  readonly isShallow: boolean;
  /**
   * The object id of a client's revision; safe as an argument. `kind` is what it is peeled to, `commit` by default.
   * @throws ToolError `not_found` with the nearest names, `invalid_input` for a malformed revision
   */
  resolve(revision: string, signal: AbortSignal, kind?: "commit" | "tree" | "blob" | "object"): Promise<string>;
  /**
   * The object of a trusted name, `<id>^{tree}:src/a.txt`, that contains no revision from a client; undefined if git
   * finds none.
   */
  find(name: string, signal: AbortSignal): Promise<FoundObject | undefined>;
  /**
   * A client's path, relative to the work tree, with `/`: `./a//b` becomes `a/b`, and the work tree itself is `.`.
   * Absolute paths inside the work tree are accepted. Pass the result only after `--`.
   * @throws ToolError `access_denied` for paths that lead outside or into `.git`, `invalid_input` for NUL
   */
  path(given: string): string;
  /** Whether a path is under a configured folder; compares text, for paths in answers. */
  isServed(path: string): boolean;
  /** One value of the configuration; if several files set it, the last one counts. */
  config(key: string): string | undefined;
  /** The whole configuration, with the scope of each value. */
  readonly entries: readonly ConfigEntry[];
  /** Whether the repository's hooks, filters and merge drivers run. */
  readonly allowHooks: boolean;
  /** A runner with additional settings and variables, for signing or a remote. */
  withSettings(settings: readonly Setting[], env?: Readonly<Record<string, string>>, needsKeys?: boolean): Runner;
  /** Like `chunks`, for `git diff` with the work tree; keeps it from writing the index. */
  comparing(args: readonly string[], options: RunOptions): AsyncGenerator<Buffer, void, undefined>;
  /**
   * Checks that a change would write nothing outside.
   * @param refs full names of the refs that it updates besides HEAD and its branch; one that ends with `/` stands for
   * all below
   * @throws ToolError `access_denied` for another user's repository, and for a branch or log that leads outside
   */
  mayChange(refs: readonly string[]): Promise<void>;
  /**
   * Runs a change after this check: one at a time in this process, and retried for a second while another holds the
   * lock.
   */
  change<T>(work: (safe: Repository) => Promise<T>, refs?: readonly string[]): Promise<T>;
}

/** The result of searching the configured folders. */
export interface Found {
  readonly places: readonly Place[];
  /** Work trees that are not served, with the reason for each. */
  readonly refused: readonly { readonly work_tree: string; readonly reason: string }[];
  /** False if there were too many folders to search them all. */
  readonly isComplete: boolean;
}

export interface Repositories {
  /** @param given `repo_path`, optional when only one repository is configured. Any path inside a work tree is accepted. */
  open(given: string | undefined, signal: AbortSignal): Promise<Repository>;
  /** All repositories under the configured folders, sorted by work tree. */
  list(signal: AbortSignal): Promise<Found>;
  /** Ends the processes kept for the next call. */
  close(): void;
}
