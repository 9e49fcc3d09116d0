// Git in a server with only the SDK: what every server pays for the protocol.
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";
import { run } from "./git-run.mjs";

serveStdio(() => {
  const server = new McpServer({ name: "bench-git", version: "1.0.0" });
  server.registerTool(
    "git",
    { description: "Runs git.", inputSchema: z.strictObject({ cwd: z.string(), args: z.array(z.string()) }) },
    async ({ cwd, args }) => ({ content: [{ type: "text", text: await run(args, cwd) }] }),
  );
  return server;
});
