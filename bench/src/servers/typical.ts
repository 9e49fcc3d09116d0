import { defineServer, defineTool, READ_ONLY, runServer, type Tool } from "@org/server-kit";
import * as z from "zod";

/** Runs a server with this many typical tools: four to six described arguments, every other tool with an output. */
export async function runTypical(count: number): Promise<void> {
  await runServer(
    defineServer({
      name: "bench-tools",
      version: "1.0.0",
      title: "Bench",
      instructions: "Has tools.",
      options: {},
      open: () => undefined,
      tools: Array.from({ length: count }, (_, at) => (at % 2 === 0 ? searchTool(at) : readTool(at))),
    }),
  );
}

const searchTool = (at: number): Tool<unknown> =>
  defineTool({
    name: `search_things_${at}`,
    title: "Search things",
    description: "Returns the things that hold all words of a query, best first. Use read_thing for the whole of one.",
    annotations: READ_ONLY,
    input: z.strictObject({
      query: z.string().min(1).max(500).describe("Words that must all occur."),
      tags: z.array(z.string()).max(20).optional().describe("Tags that a thing must have."),
      since: z.string().optional().describe("Only things changed on this day or later: 2026-11-20."),
      order: z.enum(["relevance", "newest", "title"]).default("relevance").describe("What comes first."),
      limit: z.int().min(1).max(100).default(20).describe("How many at most."),
      cursor: z.string().optional().describe("Where the page before ended."),
    }),
    output: z.object({
      items: z.array(z.object({ id: z.string(), title: z.string(), score: z.number() })),
      total: z.int(),
      next_cursor: z.string().optional(),
    }),
    run: () => ({ items: [], total: 0 }),
  });

const readTool = (at: number): Tool<unknown> =>
  defineTool({
    name: `read_thing_${at}`,
    title: "Read a thing",
    description: "Returns one thing's text and its etag. Use search_things when its id is not known.",
    annotations: READ_ONLY,
    input: z.strictObject({
      id: z.string().min(1).describe("The thing's id, as search_things returns it."),
      offset: z.int().min(1).default(1).describe("First line to return, counted from 1."),
      limit: z.int().min(1).max(5000).default(500).describe("Lines to return at most."),
      raw: z.boolean().default(false).describe("Whether to leave references as they are."),
    }),
    run: ({ id }) => id,
  });
