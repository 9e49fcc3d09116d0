import type { ChildProcess } from "node:child_process";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, expect, test } from "vitest";
import { listening, start } from "../src/testing/index.ts";

const BIN = "dist/test/everything.mjs";
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

const identity = { name: "matrix", version: "1" };
const command = { command: process.execPath, args: [BIN] };

async function endpoint(): Promise<URL> {
  const child = start(BIN, ["--http", "127.0.0.1:0"]);
  children.push(child);
  return new URL(await listening(child));
}

/** Every generation of the SDK's client, as hosts configure it, and the revision that it ends up with. */
const CLIENTS: [string, () => Client, string][] = [
  ["2.x as it comes", () => new Client(identity), "2025-11-25"],
  ["2.x negotiating", () => new Client(identity, { versionNegotiation: { mode: "auto" } }), "2026-07-28"],
  ["2.x pinned", () => new Client(identity, { versionNegotiation: { mode: { pin: "2026-07-28" } } }), "2026-07-28"],
];

test.each(CLIENTS)("%s over stdio", async (_, make, revision) => {
  const client = make();
  await client.connect(new StdioClientTransport(command));
  expect(client.getNegotiatedProtocolVersion()).toBe(revision);
  await useIt(client);
});

test.each(CLIENTS)("%s over HTTP", async (_, make, revision) => {
  const client = make();
  await client.connect(new StreamableHTTPClientTransport(await endpoint()));
  expect(client.getNegotiatedProtocolVersion()).toBe(revision);
  await useIt(client);
});

test("1.x over stdio", async () => {
  const client = new ClientV1(identity);
  await client.connect(new StdioV1(command));
  await useIt(client);
});

test("1.x over HTTP", async () => {
  const client = new ClientV1(identity);
  await client.connect(new HttpV1(await endpoint()));
  await useIt(client);
});

async function useIt(client: Client | ClientV1): Promise<void> {
  expect((await client.listTools()).tools).not.toHaveLength(0);
  const sum = await client.callTool({ name: "add_numbers", arguments: { a: 41 } });
  expect(sum).toMatchObject({ structuredContent: { sum: 42 }, content: [{ type: "text", text: "41 + 1 = 42" }] });
  const wrong = await client.callTool({ name: "add_numbers", arguments: { a: "x" } });
  expect(wrong).toMatchObject({ isError: true });
  await expect(client.callTool({ name: "none", arguments: {} })).rejects.toMatchObject({ code: -32602 });
  expect((await client.readResource({ uri: "test://about" })).contents).toMatchObject([{ text: "about" }]);
  expect((await client.getPrompt({ name: "greet_person", arguments: { name: "Ada" } })).messages).toHaveLength(1);
  await client.close();
}
