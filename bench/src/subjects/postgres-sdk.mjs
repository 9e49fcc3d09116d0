// Bare node-postgres in a server with only the SDK: what every server pays for the protocol.
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";
import { read } from "./postgres-read.mjs";

serveStdio(() => {
  const server = new McpServer({ name: "bench-postgres", version: "1.0.0" });
  server.registerTool(
    "query",
    { description: "Runs SQL.", inputSchema: z.strictObject({ sql: z.string(), max_rows: z.int().optional() }) },
    async ({ sql, max_rows }) => ({ content: [{ type: "text", text: JSON.stringify(await read(sql, max_rows)) }] }),
  );
  return server;
});
