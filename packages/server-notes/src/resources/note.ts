import { defineResource } from "@org/server-kit";
import type { Notes } from "../context.ts";

// What reads is loaded with the first question, and no part of a start.
const load = () => import("./read-note.ts");

export const noteResource = defineResource({
  name: "note",
  uri: "notes:///{+path}",
  title: "A note or an attachment",
  description: "A note's Markdown, or an attachment: pictures and other media as bytes.",
  mimeType: "text/markdown",
  complete: { path: async (typed, { vault }: Notes) => (await load()).completions(vault, typed) },
  list: async (cursor, { vault }: Notes) => (await load()).listPage(vault, cursor),
  read: async ({ path }, { vault }: Notes, { signal }) => (await load()).readNote(path, vault, signal),
});
