import * as z from "zod";

/** A path of a client, as every tool takes it. */
export const pathInput = z.string().describe("Absolute, or relative to the first directory.");

export const cursorInput = z.string().min(1).optional().describe("Cursor from the previous page.");

/** Of a tool that shows names, where most want to see all. */
export const ignoredInput = z.boolean().default(true).describe("false honors .gitignore and .ignore. Default true.");
