import * as z from "zod";

export const pathsInput = z.array(z.string()).optional().describe("Files or folders, relative to the work tree.");

export const cursorInput = z.string().min(1).optional().describe("From the previous page.");

export const contextInput = z.int().min(0).max(50).default(3).describe("Unchanged lines around a change.");

export const statOnlyInput = z.boolean().default(false).describe("Only the list of files.");

/** The id of an object: a client can make a cursor up, and nothing else may reach git's arguments. */
export const ObjectId = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
