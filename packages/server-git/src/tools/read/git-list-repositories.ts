import { basename } from "node:path";
import { counted, defineTool, fromCursor, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { cursorInput } from "../fields.ts";

/** Rows per page: each of them opens a repository. */
const PAGE = 50;
const AT_ONCE = 8;
const Cursor = z.string();

export const gitListRepositories = defineTool({
  name: "git_list_repositories",
  title: "List repositories",
  description:
    "Lists the repositories under the configured folders, their linked worktrees and submodules, each with its branch, and those " +
    "refused, with the reason. Use it to find a repo_path.",
  annotations: READ_ONLY,
  input: z.strictObject({
    cursor: cursorInput,
  }),
  output: z.object({
    repositories: z.array(
      z.object({
        repo_path: z.string().describe("Pass it to the other tools."),
        kind: z.enum(["main", "linked worktree", "submodule"]),
        branch: z.string().optional().describe("What is checked out."),
        main_work_tree: z.string().optional().describe("For a linked worktree: its main work tree."),
        refused: z.string().optional().describe("Why it cannot be opened."),
      }),
    ),
    total: z.int(),
    complete: z.boolean().describe("False when not every folder was searched."),
    next_cursor: z.string().optional(),
  }),
  async run({ cursor }, { repositories }: Git, { signal }) {
    const after = fromCursor(cursor, Cursor);
    const { places, refused, isComplete } = await repositories.list(signal);
    const rows = [
      ...places.map(({ workTree, kind, commonDirectory }) => ({ workTree, kind, commonDirectory, reason: undefined })),
      ...refused.map(({ work_tree, reason }) => ({
        workTree: work_tree,
        kind: "main" as const,
        commonDirectory: "",
        reason,
      })),
    ].sort((a, b) => (a.workTree < b.workTree ? -1 : 1));
    const rest = rows.filter(({ workTree }) => after === undefined || workTree > after);
    const page = rest.slice(0, PAGE);
    const describe = async ({ workTree, kind, commonDirectory, reason }: (typeof page)[number]) => {
      const row = { repo_path: workTree, kind };
      const main = places.find((place) => place.kind === "main" && place.commonDirectory === commonDirectory);
      const others = kind === "linked worktree" && main ? { main_work_tree: main.workTree } : {};
      try {
        if (reason !== undefined) return { ...row, refused: reason };
        const repository = await repositories.open(workTree, signal);
        return { ...row, ...others, branch: (await repository.where(signal)).branch };
      } catch (error) {
        signal.throwIfAborted();
        return { ...row, ...others, refused: error instanceof Error ? error.message : "it cannot be opened" };
      }
    };
    const listed: Awaited<ReturnType<typeof describe>>[] = [];
    for (let at = 0; at < page.length; at += AT_ONCE) {
      listed.push(...(await Promise.all(page.slice(at, at + AT_ONCE).map(describe))));
    }
    const last = page.at(-1);
    return {
      repositories: listed,
      total: rows.length,
      complete: isComplete,
      ...(rest.length > PAGE && last && { next_cursor: toCursor(last.workTree) }),
    };
  },
  render({ repositories, total, complete, next_cursor }) {
    const lines = repositories.map(({ repo_path, kind, branch, main_work_tree, refused }) => {
      const of = main_work_tree === undefined ? "" : ` of ${basename(main_work_tree)}, ${main_work_tree}`;
      const state = refused === undefined ? `branch ${branch}` : `refused: ${refused}`;
      return `${repo_path}${kind === "main" ? "" : ` (${kind}${of})`}: ${state}`;
    });
    const more = next_cursor === undefined ? "" : `; next cursor ${next_cursor}`;
    const limit = complete ? "" : "; not every folder was searched: name the repository's folder on the command line";
    const nothing =
      total === 0 && complete ? " under the configured folders; ask the user to add the folder of one" : "";
    return [...lines, `${counted(total, "repository", "repositories")}${nothing}${more}${limit}`].join("\n");
  },
});
