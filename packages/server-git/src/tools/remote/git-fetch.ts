import { counted, defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { connectTo } from "../../remote/connection.ts";
import { fetchFrom } from "../../remote/transfer.ts";
import { remoteName, repoPath, Where } from "../fields.ts";

const LISTED = 50;

export const gitFetch = defineTool({
  name: "git_fetch",
  title: "Fetch from a remote",
  description:
    "Updates remote-tracking branches (origin/main) and gets new tags. Changes no branch of yours and no file; git_pull does.",
  annotations: { ...WRITES, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ repo_path: repoPath, remote: remoteName }),
  output: z.object({
    ...Where,
    remote: z.string(),
    host: z.string().describe("Host of the remote."),
    changed: z.array(z.object({ name: z.string(), from: z.string().optional(), to: z.string() })),
    total: z.int().describe("Branches that changed, including those not listed."),
  }),
  async run({ repo_path, remote }, { repositories }: Git, { signal }) {
    const repository = await repositories.open(repo_path, signal);
    const connection = await connectTo(repository, remote, "fetch", signal);
    const changed = await fetchFrom(repository, connection, signal);
    const where = await repository.where(signal);
    return {
      ...where,
      remote: connection.remote,
      host: connection.host,
      changed: changed.slice(0, LISTED),
      total: changed.length,
    };
  },
  render: ({ work_tree, branch, remote, host, changed, total }) =>
    [
      `Fetched from ${remote} (${host}): ${counted(total, "branch", "branches")} changed. Work tree ${work_tree}, branch ${branch}`,
      ...changed.map(
        ({ name, from, to }) => `  ${name}: ${from === undefined ? "new" : from.slice(0, 12)} → ${to.slice(0, 12)}`,
      ),
    ].join("\n"),
});
