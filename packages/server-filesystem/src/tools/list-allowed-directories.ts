import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Files } from "../context.ts";
import { NOTHING_ALLOWED } from "../sandbox/sandbox.ts";

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
    note: z.string().optional().describe("What to do when there are none."),
  }),
  run(_, { sandbox }: Files) {
    const directories = sandbox.allowed().map(({ path, writable, root }) => {
      return { path, writable, protection: root.protection };
    });
    return { directories, ...(directories.length === 0 && { note: NOTHING_ALLOWED }) };
  },
  render({ directories, note }) {
    const lines = directories.map(({ path, writable, protection }) => {
      return `${path} (${writable ? "read and write" : "read only"}, protected by ${protection})`;
    });
    return note ?? lines.join("\n");
  },
});
