import type { Repositories } from "./repositories/types.ts";

/** What the handlers of this server may use. */
export interface Git {
  readonly repositories: Repositories;
  /** Whether commits are signed: as configured, never, or always. */
  readonly sign: "auto" | "never" | "require";
  /** No tool that changes anything is offered. */
  readonly isReadOnly: boolean;
  /** Whether folders were given on the command line; otherwise the host's roots are used. */
  readonly isFixed: boolean;
  allow(folders: readonly string[]): void;
}
