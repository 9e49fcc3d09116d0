import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServerFactory } from "@modelcontextprotocol/server";

/** The SDK over HTTP without any checks, on a free port of the loopback interface. */
export function serveHttp(factory: McpServerFactory): void {
  const server = createServer(toNodeHandler(createMcpHandler(factory)));
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    process.stderr.write(`listening on http://127.0.0.1:${address.port}/mcp\n`);
  });
}
