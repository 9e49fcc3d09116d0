import * as z from "zod";

/** Which database a tool reads. Hidden where only one is configured. */
export const databaseInput = z.string().optional().describe("Database, as list_databases names it.");
