/** Marks our own statements, so that pg_stat_statements can be read without them. */
export const MARK = "/* server-postgres */";

/** Puts the mark after the first word: PostgreSQL may drop a comment before it. */
export const marked = (sql: string): string => sql.replace(/^\s*\w+/, (word) => `${word} ${MARK}`);

export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** An array in PostgreSQL's text format. */
export const array = (values: readonly (string | undefined)[]) =>
  `{${values.map((value) => (value === undefined ? "NULL" : `"${value.replace(/[\\"]/g, "\\$&")}"`)).join(",")}}`;
