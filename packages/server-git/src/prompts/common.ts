import * as z from "zod";

export const repoArgument = z
  .string()
  .optional()
  .describe("Path of the repository; not needed when there is only one.");

/** Characters of a prompt beside what it quotes. */
export const WORDS = 2_500;
