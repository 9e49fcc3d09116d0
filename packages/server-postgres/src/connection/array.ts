/** An array as PostgreSQL reads it. */
export const array = (values: readonly (string | undefined)[]) =>
  `{${values.map((value) => (value === undefined ? "NULL" : `"${value.replace(/[\\"]/g, "\\$&")}"`)).join(",")}}`;
