import { defineResource } from "@org/server-kit";
import type { Files } from "../context.ts";

// What reads is loaded with the first question, and no part of a start.
const load = () => import("./read-file.ts");

export const fileResource = defineResource({
  name: "file",
  uri: "file:///{+path}",
  title: "A file or directory",
  description: "A file as text, or as bytes when it is binary; a directory as the URIs of its entries, one per line.",
  mimeType: "application/octet-stream",
  complete: {
    path: async (typed, { sandbox }: Files) => (await import("./complete.ts")).completions(typed, sandbox),
  },
  list: async (_cursor, { sandbox }: Files) => (await load()).listAllowed(sandbox),
  read: async ({ path }, { sandbox }: Files, { signal }) => (await load()).readFile(path, sandbox, signal),
});
