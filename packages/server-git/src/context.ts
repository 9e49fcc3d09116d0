import type { Repositories } from "./repositories/types.ts";

/** What the handlers of this server may use. */
export interface Git {
  readonly repositories: Repositories;
}
