import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";

const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

/** The same server as `kit.ts`, written with only the SDK. */
function createServer(): McpServer {
  const server = new McpServer({ name: "bench-sdk", version: "1.0.0" }, { instructions: "Adds and echoes." });
  server.registerTool(
    "add_numbers",
    {
      title: "Add two numbers",
      description: "Returns the sum of two whole numbers.",
      annotations,
      inputSchema: z.strictObject({ a: z.int().describe("The first."), b: z.int().default(1).describe("The second.") }),
      outputSchema: z.object({ sum: z.int() }),
    },
    ({ a, b }) => {
      const structuredContent = { sum: a + b };
      return { structuredContent, content: [{ type: "text", text: JSON.stringify(structuredContent) }] };
    },
  );
  server.registerTool(
    "echo_text",
    {
      title: "Echo a text",
      description: "Returns the text it was given.",
      annotations,
      inputSchema: z.strictObject({ text: z.string().describe("What to say.") }),
    },
    ({ text }) => ({ content: [{ type: "text", text }] }),
  );
  return server;
}

if (process.argv.includes("--http")) {
  const { serveHttp } = await import("./sdk-http.ts");
  serveHttp(createServer);
} else {
  serveStdio(createServer);
}
