import type { Databases } from "./connection/databases.ts";
import type { Policy } from "./guard/policy.ts";

/** What the handlers of this server may use. */
export interface Postgres {
  readonly databases: Databases;
  /** What the options allow to be read. */
  readonly policy: Policy;
  /** Rows that one call may return at most (`--max-rows`). */
  readonly maxRows: number;
  /** Whether describe_table shows values of rows (`--samples`). */
  readonly samples: boolean;
}
