import type { Root } from "@org/beneath";
import type { Rules } from "./rules.ts";

/** A directory that is served. */
export interface Allowed {
  readonly root: Root;
  /** Absolute, as its owner named it. */
  readonly path: string;
  readonly writable: boolean;
  /** The judge's rules, for the threads that search. */
  readonly rules: Rules;
}

/** The place that a client's path names, by its text alone. */
export interface Place {
  readonly root: Root;
  /** Relative to the root. */
  readonly path: string;
  /** As the client gave it: the only path that an error message names. */
  readonly given: string;
  readonly rules: Rules;
  /** Whether the path is to be created: then the missing part is its directory. */
  readonly isNew?: boolean;
}

/** Everything that the tools may reach. */
export interface Sandbox {
  /** In the order given. */
  allowed(): readonly Allowed[];
  /** Allowed directories that do not exist; `look` serves them once they do. */
  missing(): readonly { readonly path: string; readonly writable: boolean }[];
  /** Checks whether directories that were missing at the start exist now. */
  look(): Promise<void>;
  /** @throws ToolError `access_denied` for a path outside, `invalid_input` for an impossible one */
  at(path: string): Place;
  /** Most bytes of a file that a call reads into memory. */
  readonly maxRead: number;
  /** Where deleted files go, if anywhere. */
  readonly trash: Root | undefined;
  /** Serves only the host's roots from now on. */
  allow(uris: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface SandboxOptions {
  readonly directories: readonly string[];
  /** Directories that are served read-only. */
  readonly ro: readonly string[];
  readonly deny: readonly string[];
  readonly trash: string | undefined;
  readonly maxRead: number;
  readonly followSymlinks: "inside" | "never";
  /** Whether all changes are forbidden. */
  readonly readOnly: boolean;
}
