import * as z from "zod";

/** Characters that a statement may have. */
const LONGEST_SQL = 200_000;

export const sqlInput = z
  .string()
  .max(LONGEST_SQL)
  .describe("One statement in PostgreSQL's SQL, up to 200,000 characters, with $1, $2 where values go.");

export const paramsInput = z
  .array(z.unknown())
  .max(1000)
  .default([])
  .describe(
    "Values of $1, $2 and so on: text, numbers, booleans, null; a list is an array, an object is JSON. Default none.",
  );

/** Which database a tool reads. Hidden where only one is configured. */
export const databaseInput = z.string().optional().describe("Database, as list_databases names it.");
