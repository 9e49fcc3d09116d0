import process from "node:process";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** `client.ts <url>` or `client.ts <command> [arguments…]`: lists a server's tools and calls one of them. */
const [target, ...args] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write("Usage: client.ts <url> | <command> [arguments…]\n");
  process.exit(2);
}

const transport = /^https?:/.test(target)
  ? new StreamableHTTPClientTransport(new URL(target))
  : new StdioClientTransport({ command: target, args });
// It asks for the newest protocol, and falls back to the 2025 revisions when the server does not know it.
const client = new Client({ name: "example", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
const print = (text: string) => process.stdout.write(`${text}\n`);

await client.connect(transport);
try {
  print(`${client.getServerVersion()?.name} speaks ${client.getNegotiatedProtocolVersion()}`);
  const { tools } = await client.listTools();
  for (const { name, description } of tools) print(`  ${name}: ${description}`);

  const tool = tools.find(({ inputSchema }) => !inputSchema.required?.length);
  if (tool) {
    const { content, isError } = await client.callTool({ name: tool.name, arguments: {} });
    print(`${tool.name} ${isError ? "fails" : "answers"}:`);
    for (const block of content) print(block.type === "text" ? block.text : `(${block.type})`);
  }
} finally {
  await client.close();
}
