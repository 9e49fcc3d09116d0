import type { ServerDescription } from "../src/describe.ts";

/** A server with one of each, for the tests of what is generated. */
export const SAMPLE: ServerDescription = {
  name: "server-sample",
  version: "1.0.0",
  title: "Sample",
  instructions: "",
  tools: [
    {
      name: "get_items",
      title: "Get items",
      description: "Returns <items> as `a|b` *lists*, not [a](link).\nUse get_item for one.",
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
      inputSchema: {
        type: "object",
        required: ["kind", "at"],
        properties: {
          kind: { type: "string", enum: ["big", "small"], description: "Which ones." },
          limit: { type: "integer", minimum: 1, maximum: 100, default: 20, description: "How many." },
          at: { type: "array", items: { type: "string" }, description: "Where." },
          since: { anyOf: [{ type: "string" }, { type: "null" }], description: "When." },
        },
      },
      outputSchema: {
        type: "object",
        required: ["items"],
        properties: {
          items: {
            type: "array",
            items: { type: "object", properties: { id: { type: "string" }, size: { type: "number" } } },
          },
          next: { anyOf: [{ type: "object", properties: { page: { type: "integer" } } }, { type: "null" }] },
        },
      },
    },
    {
      name: "delete_item",
      title: "Delete an item",
      description: "Deletes one.",
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
      inputSchema: { type: "object", properties: {} },
    },
  ],
  resources: [{ name: "item", uri: "item:///{id}", title: "Item", mimeType: "text/plain" }],
  prompts: [
    {
      name: "tidy_up",
      title: "Tidy up",
      description: "Asks for order.",
      arguments: [{ name: "topic", description: "What.", required: true }],
    },
  ],
  options: [
    {
      name: "timeout",
      flag: "--timeout <duration>",
      env: "MCP_SERVER_TIMEOUT",
      default: "30s",
      description: "Per call.",
      common: true,
    },
    { name: "mode", flag: "--mode <a|b>", description: "A or b | both.", common: false },
  ],
};
