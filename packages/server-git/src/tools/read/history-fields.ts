import * as z from "zod";

export const pathsInput = z
  .array(z.string().min(1))
  .max(100)
  .optional()
  .describe("Files or folders, relative to the work tree. Default all.");

export const cursorInput = z.string().min(1).optional().describe("Cursor from the previous page.");

export const contextInput = z
  .int()
  .min(0)
  .max(50)
  .default(3)
  .describe("Unchanged lines around a change, 0 to 50. Default 3.");

export const statOnlyInput = z
  .boolean()
  .default(false)
  .describe("List the files with their counts only. Default false.");

/** The id of an object: a client can make a cursor up, and nothing else may reach git's arguments. */
export const ObjectId = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
