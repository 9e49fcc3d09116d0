import { inject } from "vitest";

/** Features that the tests' SQL uses, by the version of PostgreSQL that introduced them. */
const SINCE: readonly (readonly [version: number, words: RegExp])[] = [
  [18, /pg_clear_relation_stats|array_reverse|begins\(/],
  [17, /json_(table|value|query|exists)\(|hidden_json|AT LOCAL/],
  [16, /json_object\('a':|json_array\(1|IS JSON|any_value\(|pg_input_|hidden_input|SYSTEM_USER/],
  [15, /pg_backup_start|pg_ident_file_mappings|force_next_flush/],
  [
    14,
    /BEGIN ATOMIC|standard_body|atomic_domain|STATISTICS app\.(planned|measures)|planned_statistics|SEARCH DEPTH|CYCLE n|data\['n'\]/,
  ],
  [14, /date_bin|range_agg|multirange|trim_array|bit_count|pg_log_backend|pg_write_all_data/],
];

/** Whether the server of the tests has all that a statement, or an object made by it, needs. */
export const isKnown = (sql: string): boolean =>
  !SINCE.some(([version, words]) => inject("postgresVersion") < version && words.test(sql));
