import type { Root } from "@org/beneath";
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
  /** Directories that are allowed and not there; `look` serves them once they are. */
  missing(): readonly { readonly path: string; readonly writable: boolean }[];
  /** Looks whether directories that were missing at the start are there now. */
  look(): Promise<void>;
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
