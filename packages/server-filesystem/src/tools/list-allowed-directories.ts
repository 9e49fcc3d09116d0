import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Files } from "../context.ts";
import { NOTHING_ALLOWED } from "../sandbox/sandbox.ts";

/** Characters of the answer besides its directories. */
const NOTE_ROOM = 600;

const CHECKED_ONLY =
  "This system cannot hold directories open while they are used: another program that swaps them for links at the " +
  "right moment could redirect a path.";

export const listAllowedDirectories = defineTool({
  name: "list_allowed_directories",
  title: "List the allowed directories",
  description:
    "Returns the directories that this server may use, and which are writable. All other paths are refused. " +
    "Relative paths start from the first.",
  annotations: READ_ONLY,
  input: z.strictObject({}),
  output: z.object({
    directories: z.array(
      z.object({
        path: z.string().describe("Absolute."),
        writable: z.boolean(),
      }),
    ),
    missing: z
      .array(z.string())
      .optional()
      .describe("Allowed directories that do not exist; each is served once it does."),
    note: z.string().optional().describe("What to do when there are none, or what else to know."),
  }),
  run(_, { sandbox }: Files, { maxOutput }) {
    const allowed = sandbox.allowed();
    const all = allowed.map(({ path, writable }) => ({ path, writable }));
    const missing = sandbox.missing().map(({ path }) => path);
    // A host may offer thousands of roots.
    let room = maxOutput - NOTE_ROOM;
    const directories = all.filter((directory) => {
      room -= JSON.stringify(directory).length + 1;
      return room > 0;
    });
    const gone = missing.filter((path) => {
      room -= JSON.stringify(path).length + 20;
      return room > 0;
    });
    const left = all.length - directories.length + missing.length - gone.length;
    const notes = [
      ...(all.length + missing.length === 0 ? [NOTHING_ALLOWED] : []),
      ...(left > 0 ? [`${left} more are not shown.`] : []),
      ...(allowed.some(({ root }) => root.protection === "checks") ? [CHECKED_ONLY] : []),
    ];
    return {
      directories,
      ...(gone.length > 0 && { missing: gone }),
      ...(notes.length > 0 && { note: notes.join(" ") }),
    };
  },
  render({ directories, missing = [], note }) {
    const lines = directories.map(({ path, writable }) => `${path} (${writable ? "read and write" : "read only"})`);
    return [
      ...lines,
      ...missing.map((path) => `${path} (missing, served once it exists)`),
      ...(note === undefined ? [] : [note]),
    ].join("\n");
  },
});
