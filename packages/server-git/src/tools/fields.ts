import * as z from "zod";

/** Every tool has it first. */
export const repoPath = z
  .string()
  .min(1)
  .optional()
  .describe("Path of the repository or of a folder in it, absolute or relative to a configured folder. Optional when there is only one.");

/** What every structured answer begins with. */
export const Where = {
  work_tree: z.string().describe("The work tree that this is about."),
  branch: z.string().describe("Its branch, or 'detached at' a commit."),
};
