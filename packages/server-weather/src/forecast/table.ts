import type { Series } from "./types.ts";

/** A table from one of the smaller services: its hours and days, unchanged, by the names of the variables. */
export interface Table {
  readonly timezone: string;
  readonly times: readonly number[];
  readonly hourly: Readonly<Record<string, Series>>;
  readonly dates: readonly string[];
  readonly daily: Readonly<Record<string, Series>>;
}

/** A table with its source and age. */
export interface TableReply {
  readonly value: Table;
  /** When it arrived, in milliseconds since 1970. */
  readonly fetchedAt: number;
  readonly isStale: boolean;
  readonly source: string;
  readonly attribution: string;
}
