import * as z from "zod";

/** A path from the client, as every tool accepts it. */
export const pathInput = z.string().describe("Absolute, or relative to the first directory.");

export const cursorInput = z.string().min(1).optional().describe("Cursor from the previous page.");

/** For tools that show names, where most callers want to see all. */
export const ignoredInput = z.boolean().default(true).describe("false honors .gitignore and .ignore. Default true.");
