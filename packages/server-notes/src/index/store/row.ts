/** A result row. */
export type Row = Readonly<Record<string, unknown>>;

/** The rows of a result. @throws TypeError for values that our statements never give, so only with a foreign file */
export function rowsOf(answer: readonly unknown[]): readonly Row[] {
  if (!answer.every(isRow)) throw new TypeError("an answer of SQLite holds no rows");
  return answer;
}

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null;

export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`column ${column} is no text`);
  return value;
}

export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`column ${column} is no number`);
  return value;
}

/** Undefined for NULL. */
export function optionalTextOf(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}
