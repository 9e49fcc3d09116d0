import * as z from "zod";
import { OBJECT_ID } from "../git/object-id.ts";

/** The first parameter of every tool. */
export const repoPath = z.string().min(1).optional().describe("Repository, or a folder in it. Default: the only one.");

export const pathsInput = z.array(z.string()).optional().describe("Files or folders.");

export const cursorInput = z.string().min(1).optional().describe("From the previous page.");

export const contextInput = z.int().min(0).max(50).default(3).describe("Unchanged lines around a change.");

export const statOnlyInput = z.boolean().default(false).describe("Only the list of files.");

/** An object id. Clients can forge cursors, so nothing else may reach git's arguments. */
export const ObjectId = z.string().regex(OBJECT_ID);

/** The first fields of every structured answer. */
export const Where = {
  work_tree: z.string().describe("The work tree described here."),
  branch: z.string().describe("Its branch, or 'detached at' a commit."),
};

/** What staging and unstaging answer. */
export const StagedRows = {
  files: z.array(z.object({ path: z.string(), change: z.string().describe("added, modified, deleted, …") })),
  total: z.int().describe("Number of files, including unlisted ones."),
  in_index: z.int().describe("Files now staged for the next commit."),
  notes: z.array(z.string()),
};

/** Characters of an answer other than rows. */
const RESERVED = 2_000;

/** As many rows as fit. */
export function stagedPage(
  rows: readonly { readonly path: string; readonly change: string }[],
  inIndex: number,
  notes: readonly string[],
  maxOutput: number,
) {
  const files = fitting(rows, maxOutput - RESERVED - JSON.stringify(notes).length);
  return { files, total: rows.length, in_index: inIndex, notes: [...notes] };
}

export const remoteName = z.string().min(1).optional().describe("Default: the upstream's, else origin.");

/**
 * The rows that fit in an answer; at least one.
 * @param more characters that each row takes in addition to its JSON
 */
export function fitting<T>(rows: readonly T[], room: number, more = 1): T[] {
  let size = 0;
  const end = rows.findIndex((row) => {
    size += JSON.stringify(row).length + more;
    return size > room;
  });
  return rows.slice(0, end === -1 ? rows.length : Math.max(1, end));
}
