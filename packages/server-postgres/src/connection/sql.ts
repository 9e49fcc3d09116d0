/** In every statement of our own, so that pg_stat_statements can be read without them. */
export const MARK = "/* server-postgres */";

/** A statement with the mark after its first word: PostgreSQL may leave out a comment before it. */
export const marked = (sql: string): string => sql.replace(/^\s*\w+/, (word) => `${word} ${MARK}`);

export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** An array as PostgreSQL reads it. */
export const array = (values: readonly (string | undefined)[]) =>
  `{${values.map((value) => (value === undefined ? "NULL" : `"${value.replace(/[\\"]/g, "\\$&")}"`)).join(",")}}`;
