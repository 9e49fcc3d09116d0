import { definePrompt } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../context.ts";

// The texts of the prompts, and the code that reads history for them, are loaded on first use to keep the start fast.

const repo_path = z.string().optional().describe("Path of the repository; not needed when there is only one.");
const complete = async (typed: string, { repositories }: Git) =>
  (await import("../history/names.ts")).revisionsFrom(repositories, typed);

const writeCommitMessage = definePrompt({
  name: "write_commit_message",
  title: "Write a commit message",
  description: "Asks for the message of a commit with the staged changes, in the style of the repository's own.",
  args: z.strictObject({ repo_path }),
  run: async (args, git: Git, call) => (await import("./commit-message-text.ts")).commitMessageText(args, git, call),
});

const reviewChanges = definePrompt({
  name: "review_changes",
  title: "Review changes",
  description: "Asks for a review of the uncommitted changes, or of what a branch adds to another one.",
  args: z.strictObject({
    from: z
      .string()
      .optional()
      .describe("Branch, tag or commit that the changes are based on. Default: the uncommitted changes."),
    to: z.string().optional().describe("Branch, tag or commit with the changes. Default HEAD."),
    repo_path,
  }),
  complete: { from: complete, to: complete },
  run: async (args, git: Git, call) => (await import("./review-text.ts")).reviewText(args, git, call),
});

const writeReleaseNotes = definePrompt({
  name: "write_release_notes",
  title: "Write release notes",
  description: "Asks for notes on what changed for users between two revisions, from their commits and co-authors.",
  args: z.strictObject({
    from: z.string().describe("The earlier release: v1.0."),
    to: z.string().describe("The later one: v1.1, or HEAD."),
    repo_path,
  }),
  complete: { from: complete, to: complete },
  run: async (args, git: Git, call) => (await import("./release-notes-text.ts")).releaseNotesText(args, git, call),
});

export const prompts = [writeCommitMessage, reviewChanges, writeReleaseNotes];
