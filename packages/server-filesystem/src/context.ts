import type { Sandbox } from "./sandbox/types.ts";
import type { Search } from "./search/search.ts";

/** What the handlers of this server may use. */
export interface Files {
  readonly sandbox: Sandbox;
  readonly search: Search;
  /** Whether the command line allowed no directory, so that the host's roots decide what is served. */
  readonly takesRoots: boolean;
}
