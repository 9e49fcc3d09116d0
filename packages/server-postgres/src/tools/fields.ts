import * as z from "zod";

/** Maximum length of a statement. */
const LONGEST_SQL = 200_000;

export const sqlInput = z
  .string()
  .max(LONGEST_SQL)
  .describe("One statement in PostgreSQL's SQL, up to 200,000 characters, with $1, $2 where values go.");

export const paramsInput = z
  // PostgreSQL reads all values from text. Models also send numbers, booleans, null and lists, which a schema of plain
  // types cannot express.
  .array(z.unknown().meta({ type: "string" }))
  .max(1000)
  .default([])
  .describe(
    'Values of $1, $2 and so on, as text: "42", "2026-01-31", "{a,b}" for an array. Numbers, booleans, null, lists (arrays) and ' +
      "objects (JSON) work too. Default none.",
  );

/** The database that a tool reads. Hidden if only one is configured. */
export const databaseInput = z.string().optional().describe("Database, as list_databases names it.");
