import { counted, defineTool, fromCursor, quote, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { describeRefs, listRefs } from "../../state/branches.ts";
import { cursorInput, fitting, repoPath, Where } from "../fields.ts";

/** Rows that are looked up at a time; those that fit are returned. */
const PAGE = 100;
const RESERVED = 1_200;

const Branch = z.object({
  name: z.string(),
  kind: z.enum(["local", "remote", "tag"]),
  commit: z.string(),
  date: z.string().describe("Date of the commit or annotated tag."),
  subject: z.string().describe("First line of the message, written by others."),
  current: z.literal(true).optional(),
  upstream: z.string().optional(),
  ahead: z.int().optional().describe("Commits that the upstream lacks."),
  behind: z.int().optional(),
  gone: z.literal(true).optional().describe("The upstream has been deleted."),
  work_tree: z.string().optional().describe("Other work tree where it is checked out."),
});

/** The last name on the previous page, and how many names came up to it. */
const Place = z.tuple([z.string(), z.int().min(0)]);

export const gitBranch = defineTool({
  name: "git_branch",
  title: "List branches and tags",
  description:
    "Lists branches or tags, newest first, with commit, date, subject, upstream, ahead and behind. Use contains to find those with " +
    "a commit. git_log shows the commits of one.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    scope: z.enum(["local", "remote", "tags", "all"]).default("local").describe("Default: local branches."),
    contains: z.string().min(1).optional().describe("Only those that contain this commit, branch or tag."),
    cursor: cursorInput,
  }),
  output: z.object({
    ...Where,
    branches: z.array(Branch),
    total: z.int(),
    notes: z.array(z.string()),
    next_cursor: z.string().optional(),
  }),
  async run({ repo_path, scope, contains, cursor }, { repositories }: Git, { signal, maxOutput }) {
    const question = [repo_path, scope, contains];
    const after = fromCursor(cursor, Place, question);
    const repository = await repositories.open(repo_path, signal);
    const commit = contains === undefined ? undefined : await repository.resolve(contains, signal);
    const names = await listRefs(repository, scope, commit, signal);
    const from = after === undefined ? 0 : names.indexOf(after[0]) + 1 || after[1];
    const some = names.slice(from, from + PAGE);
    const described = await describeRefs(repository, some, signal);
    const branches = fitting(described, maxOutput - RESERVED);
    const last = names[from + branches.length - 1];
    const isShallow = contains !== undefined && repository.isShallow;
    return {
      ...(await repository.where(signal)),
      branches,
      total: names.length,
      notes: isShallow
        ? ["Shallow clone: a branch may contain the commit beyond the boundary where history ends here."]
        : [],
      ...(last !== undefined &&
        from + branches.length < names.length && { next_cursor: toCursor([last, from + branches.length], question) }),
    };
  },
  render({ work_tree, branch, branches, total, notes, next_cursor }, { scope, contains }) {
    const noun =
      scope === "tags"
        ? ["tag", "tags"]
        : scope === "all"
          ? ["branch or tag", "branches and tags"]
          : ["branch", "branches"];
    const what = `${counted(total, noun[0] ?? "", noun[1])}${scope === "remote" ? " of remotes" : ""}`;
    const lines = branches.map((one) => {
      const facts = [
        ...(one.kind === "local" ? [] : [one.kind]),
        ...(one.current ? ["current"] : []),
        ...(one.upstream === undefined ? [] : [trackText(one)]),
        ...(one.work_tree === undefined
          ? []
          : [`checked out ${one.work_tree === "elsewhere" ? "elsewhere" : `in ${one.work_tree}`}`]),
      ];
      return `${one.name}${facts.length > 0 ? ` (${facts.join("; ")})` : ""} ${one.commit.slice(0, 12)} ${one.date} ${one.subject}`;
    });
    const more = next_cursor === undefined ? "" : `; next cursor ${next_cursor}`;
    const which = contains === undefined ? "" : ` with ${quote(contains)} in ${total === 1 ? "its" : "their"} history`;
    return [...lines, ...notes, `${what}${which}${more}. Work tree ${work_tree}, branch ${branch}`].join("\n");
  },
});

const trackText = ({ upstream, gone, ahead = 0, behind = 0 }: z.output<typeof Branch>) =>
  gone ? `upstream ${upstream} is gone` : `upstream ${upstream}: ${ahead} ahead, ${behind} behind`;
