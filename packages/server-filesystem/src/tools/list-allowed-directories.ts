import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Files } from "../context.ts";
import { NOTHING_ALLOWED } from "../sandbox/sandbox.ts";

/** Characters of the answer without its directories. */
const NOTE_ROOM = 400;

export const listAllowedDirectories = defineTool({
  name: "list_allowed_directories",
  title: "List the allowed directories",
  description:
    "The directories that this server may use, and whether it may write there. All other paths are refused. Relative " +
    "paths are relative to the first.",
  annotations: READ_ONLY,
  input: z.strictObject({}),
  output: z.object({
    directories: z.array(
      z.object({
        path: z.string().describe("Absolute."),
        writable: z.boolean(),
        protection: z
          .enum(["handles", "checks"])
          .describe("handles: no race leads out. checks: paths are compared before and after each use."),
      }),
    ),
    note: z.string().optional().describe("What to do when there are none, or how many more there are."),
  }),
  run(_, { sandbox }: Files, { maxOutput }) {
    const allowed = sandbox.allowed();
    const all = allowed.map(({ path, writable, root }) => ({ path, writable, protection: root.protection }));
    // A host may offer thousands of roots.
    let room = maxOutput - NOTE_ROOM;
    const directories = all.filter((directory) => {
      room -= JSON.stringify(directory).length + 1;
      return room > 0;
    });
    const left = all.length - directories.length;
    const note = all.length === 0 ? NOTHING_ALLOWED : left > 0 ? `${left} more are not shown.` : undefined;
    return { directories, ...(note !== undefined && { note }) };
  },
  render({ directories, note }) {
    const lines = directories.map(({ path, writable, protection }) => {
      return `${path} (${writable ? "read and write" : "read only"}, protected by ${protection})`;
    });
    return [...lines, ...(note === undefined ? [] : [note])].join("\n");
  },
});
