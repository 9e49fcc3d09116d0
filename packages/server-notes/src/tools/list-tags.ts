import { counted, defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { fitting } from "./fields.ts";

const MOST = 1000;

export const listTags = defineTool({
  name: "list_tags",
  title: "List tags",
  description:
    "Returns all tags with the number of notes that have each, most used first. Use list_notes for the notes with a tag.",
  annotations: READ_ONLY,
  input: z.strictObject({}),
  output: z.object({
    tags: z.array(z.object({ tag: z.string().describe("Without #."), count: z.int().describe("Notes with it.") })),
    total: z.int().describe("Tags in all; at most 1000 are listed, fewer when they are long."),
  }),
  async run(_, { vault }: Notes, { signal, maxOutput }) {
    const { tags } = await vault.index.call("tags", undefined, signal);
    return fitting(MOST, maxOutput, (rows) => ({ tags: tags.slice(0, rows), total: tags.length }));
  },
  render: ({ tags, total }) =>
    [`${tags.length} of ${counted(total, "tag")}`, ...tags.map(({ tag, count }) => `#${tag} ${count}`)].join("\n"),
});
