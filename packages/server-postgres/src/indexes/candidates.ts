import type { TableFacts } from "./table-facts.ts";
import type { TableUse, Use } from "./usage.ts";

export interface Candidate {
  readonly table: TableFacts;
  readonly method: "btree" | "gin" | "gist";
  /** Columns and expressions, as written in SQL. */
  readonly keys: readonly string[];
  readonly reason: string;
  /** Whether the stated rules favour it, in case it cannot be tried out. */
  readonly fitsRule: boolean;
}

/** The most columns of an index: more make it large, and seldom faster. */
const MOST_KEYS = 3;

/** The rules for candidates that hypopg cannot try out. */
export const RULES =
  "the plan reads a whole table of 1,000 rows or more and keeps at most 10% of them, joins on the column, or sorts by it for a LIMIT";
const MANY_ROWS = 1000;
const KEPT = 0.1;

/** `CREATE INDEX CONCURRENTLY ON app.orders (customer_id)`; partitioned tables do not support CONCURRENTLY. */
export function createSql({ table, method, keys }: Candidate, on = table.sql_name): string {
  const how = method === "btree" ? "" : ` USING ${method}`;
  return `CREATE INDEX ${table.is_partitioned && on === table.sql_name ? "" : "CONCURRENTLY "}ON ${on}${how} (${keys.join(", ")})`;
}

/** Missing indexes that could help with how a plan uses a table, the most promising first. */
export function candidatesFor(use: TableUse, table: TableFacts): Candidate[] {
  const isLarge = use.isScanned && table.rows >= MANY_ROWS;
  const keeps = isLarge && use.kept <= table.rows * KEPT;
  const of = (way: Use["way"]) =>
    unique(use.filters.filter((one) => one.way === way).flatMap((one) => keyOf(one, table)));
  // The most selective column comes first, so that the index also serves queries on that column alone.
  const equal = of("equal").sort((a, b) => distinctOf(b, table) - distinctOf(a, table));
  const range = of("range");
  const sort = use.sort.flatMap(({ column, descending }) => {
    const sql = table.columns[column]?.sql;
    return sql === undefined ? [] : [descending && use.sort.length > 1 ? `${sql} DESC` : sql];
  });
  const joins = unique(use.joins.flatMap((one) => keyOf(one, table)));
  const btree = (keys: readonly string[], reason: string, fitsRule: boolean): Candidate[] =>
    keys.length === 0 ? [] : [{ table, method: "btree", keys: unique(keys).slice(0, MOST_KEYS), reason, fitsRule }];
  const contained = use.filters.filter(({ way }) => way === "contains");
  const all = [
    ...btree([...equal, ...range.slice(0, 1)], "the conditions on the table", keeps),
    ...btree(
      sort.length > 0 ? [...equal, ...sort] : [],
      "the order that rows are wanted in",
      isLarge && equal.length === 0,
    ),
    ...joins.flatMap((key) => btree([key], "the join", isLarge)),
    ...joins.flatMap((key) => btree([key, ...equal], "the join and the conditions", false)),
    ...equal.flatMap((key) => btree([key], "one of the conditions", false)),
    ...range.flatMap((key) => btree([key], "one of the conditions", false)),
    ...contained.flatMap((one): Candidate[] => {
      const method = table.columns[one.column]?.contains;
      const keys = one.wrapper === undefined ? keyOf(one, table) : [];
      if (!method || keys.length === 0) return [];
      return [{ table, method, keys, reason: "what the column contains", fitsRule: isLarge }];
    }),
  ];
  const seen = new Set<string>();
  return all.filter((candidate) => {
    const key = `${candidate.method} ${candidate.keys.join()}`;
    if (seen.has(key) || isServed(candidate, table)) return false;
    seen.add(key);
    return true;
  });
}

/** Whether there is an index of the same kind that begins with the same columns. */
const isServed = ({ keys, method }: Candidate, { indexes }: TableFacts) =>
  indexes.some(
    (index) => index.method === method && keys.every((key, at) => index.keys[at] === key.replace(/ DESC$/, "")),
  );

function keyOf({ column, wrapper }: Use, { columns }: TableFacts): string[] {
  const sql = columns[column]?.sql;
  if (sql === undefined) return [];
  return [wrapper === undefined ? sql : `${wrapper}(${sql})`];
}

/** As in pg_stats: a number, or if below 0 the share of rows. */
function distinctOf(key: string, { columns, rows }: TableFacts): number {
  const distinct = Object.values(columns).find(({ sql }) => sql === key)?.distinct ?? 0;
  return distinct < 0 ? -distinct * rows : distinct;
}

const unique = (keys: readonly string[]) => [...new Set(keys)];
