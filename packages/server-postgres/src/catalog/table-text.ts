import type { ForeignKeyFacts, TableDefinition } from "./describe-table.ts";
import { fitting, oneLine, rowsInWords } from "./words.ts";

/** Characters of one value in a list of common ones. */
const LONGEST_VALUE = 40;

/** How much is shown of each column: everything, everything but statistics, or only name and type. */
const DETAILS = ["all", "plain", "types"] as const;
type Detail = (typeof DETAILS)[number];

/**
 * A table's definition for a model: one line for each thing, and none for things that do not exist. If `room`
 * characters are too few, the columns' statistics are dropped first, then their other details, then the last lines.
 */
export function tableText(table: TableDefinition, room: number): { readonly text: string; readonly left: number } {
  const texts = DETAILS.map((detail) => linesOf(table, detail));
  const lines = texts.find((one) => lengthOf(one) <= room) ?? linesOf(table, "types");
  const kept = fitting(lines, room);
  return { text: kept.join("\n"), left: lines.length - kept.length };
}

const lengthOf = (lines: readonly string[]) => lines.reduce((sum, line) => sum + line.length + 1, 0);

function linesOf(table: TableDefinition, detail: Detail): string[] {
  const { sql_name, kind, rows, comment, row_security, partitions } = table;
  return [
    `${sql_name}: ${kind}${rows === null ? "" : `, ${rowsInWords(rows)}`}${comment === null ? "" : ` -- ${oneLine(comment)}`}`,
    ...(table.partition_of === null ? [] : [`partition of ${table.partition_of}`]),
    ...(table.partition_key === null ? [] : [`partitioned by ${table.partition_key}`]),
    ...(detail === "types" ? [] : columnLines(table, detail)),
    ...section("keys and constraints", table.constraints.map(constraintLine)),
    ...section("foreign keys", table.foreign_keys.map(outgoing)),
    ...section("referenced by", table.referenced_by.map(incoming)),
    ...section("indexes", table.indexes.map(indexLine)),
    ...section(
      "triggers",
      table.triggers.map(({ definition, enabled }) => definition + (enabled ? "" : " -- disabled")),
    ),
    ...(row_security.enabled ? [`row security: on${row_security.forced ? ", for the owner too" : ""}`] : []),
    ...section("policies", table.policies.map(policyLine)),
    ...section(
      partitions.total > partitions.first.length ? `partitions (${partitions.total}, the first here)` : "partitions",
      partitions.first.map(({ name, bound }) => (bound === null ? name : `${name} ${bound}`)),
    ),
    ...(table.view === null ? [] : ["definition:", ...table.view.split("\n")]),
    // Last, because these may not fit.
    ...(detail === "types" ? columnLines(table, detail) : []),
  ];
}

const columnLines = ({ columns }: TableDefinition, detail: Detail) =>
  section(
    "columns",
    columns.map((column) => columnLine(column, detail)),
  );

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];

function columnLine(column: TableDefinition["columns"][number], detail: Detail): string {
  if (detail === "types") return `${column.name} ${column.type}`;
  const facts = [
    column.nullable ? "" : "not null",
    column.identity && `generated ${column.identity} as identity`,
    column.default && `default ${column.default}`,
    column.generated && `generated as ${column.generated}`,
    column.values && `one of ${column.values.map((value) => `'${value}'`).join(", ")}`,
    column.readable ? "" : "(not readable by this role)",
    detail === "all" && statistics(column),
    column.comment && `-- ${oneLine(column.comment)}`,
  ];
  return [column.name, column.type, ...facts.filter(Boolean)].join("  ");
}

function statistics({ null_fraction, distinct, common, samples }: TableDefinition["columns"][number]): string {
  const facts = [
    null_fraction !== undefined && null_fraction > 0 && `${percent(null_fraction)} null`,
    distinct !== undefined && distinct !== 0 && distinctInWords(distinct),
    common && `common: ${common.map((value) => shorten(value ?? "null")).join(", ")}`,
    samples && `such as ${samples.map(shorten).join(", ")}`,
  ].filter(Boolean);
  return facts.length === 0 ? "" : `[${facts.join("; ")}]`;
}

/** pg_stats gives a number, or if below 0 the share of rows. */
function distinctInWords(distinct: number): string {
  if (distinct === -1) return "all distinct";
  return distinct < 0 ? `${percent(-distinct)} distinct` : `${Math.round(distinct)} distinct`;
}

const percent = (share: number) => (share < 0.01 ? "under 1%" : `${Math.round(share * 100)}%`);

const shorten = (value: string) =>
  value.length > LONGEST_VALUE ? `${oneLine(value.slice(0, LONGEST_VALUE))}…` : oneLine(value);

const unvalidated = (validated: boolean) => (validated ? "" : " -- existing rows not checked");

const constraintLine = ({ name, definition, validated }: TableDefinition["constraints"][number]) =>
  `${name}: ${definition.replace(/ NOT VALID$/, "")}${unvalidated(validated)}`;

const outgoing = (key: ForeignKeyFacts) =>
  `(${key.columns.join(", ")}) -> ${key.table} (${key.other_columns.join(", ")})${actions(key)}`;

const incoming = (key: ForeignKeyFacts) =>
  `${key.table} (${key.other_columns.join(", ")}) -> (${key.columns.join(", ")})${actions(key)}`;

const actions = ({ on_delete, on_update, validated }: ForeignKeyFacts) =>
  `${on_delete ? ` on delete ${on_delete}` : ""}${on_update ? ` on update ${on_update}` : ""}${unvalidated(validated)}`;

const indexLine = ({ definition, valid, scans }: TableDefinition["indexes"][number]) =>
  `${definition}${valid ? "" : " -- INVALID: never used"}${scans === null ? "" : ` -- ${scans === 1 ? "1 scan" : `${scans} scans`}`}`;

const policyLine = ({ name, command, permissive, roles, using, check }: TableDefinition["policies"][number]) =>
  [
    `${name}: ${permissive ? "" : "restrictive, "}${command} to ${roles.join(", ")}`,
    using === null ? "" : `using ${using}`,
    check === null ? "" : `with check ${check}`,
  ]
    .filter(Boolean)
    .join(" ");
