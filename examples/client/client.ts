import process from "node:process";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/**
 * `client.ts <url>` or `client.ts <command> [arguments…]`: lists what a server offers, calls a tool, reads a resource
 * and gets a prompt, each time the first that works without arguments.
 */
const [target, ...args] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write("Usage: client.ts <url> | <command> [arguments…]\n");
  process.exit(2);
}

// A server over HTTP may require a token, which this client reads from MCP_HTTP_TOKEN, like the servers of this
// repository.
const { MCP_HTTP_TOKEN: token } = process.env;
const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
const transport = /^https?:/.test(target)
  ? new StreamableHTTPClientTransport(new URL(target), { requestInit: { headers } })
  : new StdioClientTransport({ command: target, args });
// It asks for the newest protocol, and falls back to the 2025 revisions if the server does not support it.
const client = new Client({ name: "example", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
const print = (text: string) => process.stdout.write(`${text}\n`);

await client.connect(transport);
try {
  print(`${client.getServerVersion()?.name} speaks ${client.getNegotiatedProtocolVersion()}`);
  // A server declares what it offers; requesting anything else would be an error.
  const has = client.getServerCapabilities() ?? {};

  if (has.tools) {
    const { tools } = await client.listTools();
    print("Tools:");
    for (const { name, description } of tools) print(`  ${name}: ${description}`);
    // Without being asked, call only tools that change nothing, and show the first answer.
    const readers = tools.filter((one) => one.annotations?.readOnlyHint && !one.inputSchema.required?.length);
    for (const { name } of readers) {
      const { content, isError } = await client.callTool({ name, arguments: {} });
      if (isError) continue;
      print(`${name} answers:`);
      for (const block of content) print(block.type === "text" ? block.text : `(${block.type})`);
      break;
    }
  }

  if (has.resources) {
    const { resources, nextCursor } = await client.listResources();
    print(`Resources, ${resources.length}${nextCursor === undefined ? "" : " on the first page"}:`);
    for (const { uri, title, name } of resources.slice(0, 10)) print(`  ${uri}: ${title ?? name}`);
    const [resource] = resources;
    if (resource) {
      const { contents } = await client.readResource({ uri: resource.uri });
      print(`${resource.uri} holds:`);
      for (const content of contents) print("text" in content ? content.text : `(${content.mimeType})`);
    }
  }

  if (has.prompts) {
    const { prompts } = await client.listPrompts();
    print("Prompts:");
    for (const { name, description } of prompts) print(`  ${name}: ${description}`);
    const prompt = prompts.find((one) => !one.arguments?.some(({ required }) => required));
    if (prompt) {
      const { messages } = await client.getPrompt({ name: prompt.name });
      print(`${prompt.name} says:`);
      for (const { role, content } of messages)
        print(`${role}: ${content.type === "text" ? content.text : content.type}`);
    }
  }
} finally {
  await client.close();
}
