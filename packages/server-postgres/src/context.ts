import type { Databases } from "./connection/databases.ts";
import type { Policy } from "./guard/policy.ts";

/** What the handlers of this server may use. */
export interface Postgres {
  readonly databases: Databases;
  /** What the options allow to be read. */
  readonly policy: Policy;
  /** The most rows that one call returns (`--max-rows`). */
  readonly maxRows: number;
  /** Whether describe_table shows values from rows (`--samples`). */
  readonly samples: boolean;
}
