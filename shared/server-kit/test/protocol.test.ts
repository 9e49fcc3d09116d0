import type { CallToolResult } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { connect, ERAS, type Era } from "../src/testing/index.ts";
import { everything } from "./fixtures/everything.ts";

const textOf = ({ content }: CallToolResult) => content.map((block) => (block.type === "text" ? block.text : ""));

describe.each(ERAS)("in the %s era", (era: Era) => {
  const open = (...args: string[]) => connect(everything, { era, args });

  test("a structured tool fills in defaults, and says the same in text", async () => {
    await using server = await open();
    const result = await server.client.callTool({ name: "add_numbers", arguments: { a: 2 } });
    expect(result).toMatchObject({ structuredContent: { sum: 3 }, content: [{ type: "text", text: "2 + 1 = 3" }] });
  });

  test("a text tool has a body and a line of facts, and no structured value", async () => {
    await using server = await open("--greeting", "ahoy");
    const result = await server.client.callTool({ name: "echo_text", arguments: { text: "a\nb" } });
    expect(textOf(result)).toEqual(["a\nb", "ahoy, 3 characters"]);
    expect(result).not.toHaveProperty("structuredContent");
  });

  test("our errors reach the model whole, others by reference alone", async () => {
    await using server = await open();
    const known = await server.client.callTool({ name: "fail_somehow", arguments: { how: "known" } });
    expect(known).toMatchObject({ isError: true, content: [{ text: "rate_limited: too much; wait." }] });
    expect(known._meta).toMatchObject({ error: { code: "rate_limited", retryable: true, retryAfterMs: 1500 } });
    for (const how of ["unknown", "output"]) {
      const unknown = await server.client.callTool({ name: "fail_somehow", arguments: { how } });
      expect(textOf(unknown)[0]).toMatch(/^internal: .*\(reference [\da-f]+\)/);
      expect(JSON.stringify(unknown)).not.toMatch(/hunter2|secret|literal|Invalid/);
    }
  });

  test("wrong arguments are named together with the expected ones", async () => {
    await using server = await open();
    const result = await server.client.callTool({ name: "add_numbers", arguments: { a: "one", "c\u001b[31m\n": 2 } });
    expect(textOf(result)[0]).toMatch(
      /^invalid_input: "a": .*number.*; unknown argument "c.*"\. Expected arguments: a, b\.$/,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is the attack
    expect(textOf(result)[0]).not.toMatch(/[\u0000-\u001f]/);
  });

  test("a result over the limit is an error that says so, and one at the limit is whole", async () => {
    await using server = await open("--max-output", "5000");
    const at = await server.client.callTool({ name: "return_much", arguments: { size: 5000 } });
    expect(textOf(at)[0]).toHaveLength(5000);
    const over = await server.client.callTool({ name: "return_much", arguments: { size: 5001 } });
    expect(textOf(over)[0]).toMatch(/^too_large: .*5001.*5000/);
  });

  test("--tools and --read-only leave what they name", async () => {
    await using chosen = await open("--tools", "echo_text,write_slowly");
    expect((await chosen.client.listTools()).tools.map(({ name }) => name)).toEqual(["echo_text", "write_slowly"]);
    await using reading = await open("--read-only");
    expect((await reading.client.listTools()).tools.map(({ name }) => name)).not.toContain("write_slowly");
    await expect(reading.client.callTool({ name: "write_slowly" })).rejects.toMatchObject({ code: -32602 });
    await expect(open("--tools", "write_slowly", "--read-only")).rejects.toThrow(
      "--tools with --read-only leaves no tool: write_slowly can write.",
    );
  });

  test("resources are listed page by page, and read by decoded variables", async () => {
    await using server = await open();
    const { resources } = await server.client.listResources();
    expect(resources).toHaveLength(27);
    expect(resources[0]).toMatchObject({ uri: "test://about", name: "about", mimeType: "text/plain" });
    expect(resources[26]).toMatchObject({ uri: "test://pages/p24/a%20b", mimeType: "text/markdown" });
    const { contents } = await server.client.readResource({ uri: "test://pages/p3/a%20b" });
    expect(contents).toEqual([{ uri: "test://pages/p3/a%20b", mimeType: "text/markdown", text: "page 3" }]);
    const { resourceTemplates } = await server.client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([
      { uriTemplate: "test://pages/{+path}", description: "A page by its path." },
    ]);
  });

  test.each(["test://nothing", "test://pages/none", "test://pages/%zz", "test://pages/%ff", "test://pages/", "x"])(
    "reading %s is -32602",
    async (uri) => {
      await using server = await open();
      await expect(server.client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
    },
  );

  test.each(["", "AAAA", "9999", "MCA", "eyJ9", Buffer.from("7 x").toString("base64url")])(
    "the cursor %j is refused",
    async (cursor) => {
      await using server = await open();
      const list = server.client.request({ method: "resources/list", params: { cursor } });
      await expect(list).rejects.toMatchObject({ code: -32602 });
    },
  );

  test("prompts have arguments, completion and text", async () => {
    await using server = await open();
    const { prompts } = await server.client.listPrompts();
    expect(prompts).toMatchObject([
      {
        name: "greet_person",
        arguments: [
          { name: "name", description: "Who.", required: true },
          { name: "tone", required: false },
        ],
      },
    ]);
    const { messages } = await server.client.getPrompt({ name: "greet_person", arguments: { name: "Ada" } });
    expect(messages).toEqual([{ role: "user", content: { type: "text", text: "Say hello to Ada." } }]);
    await expect(server.client.getPrompt({ name: "greet_person" })).rejects.toMatchObject({ code: -32602 });
    const complete = (
      ref: { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string },
      name: string,
    ) => server.client.complete({ ref, argument: { name, value: "A" } }).then(({ completion }) => completion);
    expect(await complete({ type: "ref/prompt", name: "greet_person" }, "name")).toMatchObject({
      values: ["Ada", "Alan"],
    });
    expect(await complete({ type: "ref/prompt", name: "greet_person" }, "tone")).toMatchObject({ values: [] });
    expect(await complete({ type: "ref/resource", uri: "test://pages/{+path}" }, "path")).toMatchObject({ total: 0 });
    await expect(complete({ type: "ref/prompt", name: "none" }, "name")).rejects.toMatchObject({ code: -32602 });
    await expect(complete({ type: "ref/prompt", name: "greet_person" }, "__proto__")).resolves.toMatchObject({
      values: [],
    });
  });

  test("progress is told, and a deadline ends a handler that heeds its signal or not", async () => {
    await using server = await open("--timeout", "300ms");
    const told: unknown[] = [];
    const heeding = server.client.callTool({ name: "wait_long" }, { onprogress: (progress) => told.push(progress) });
    const ignoring = server.client.callTool({ name: "wait_long", arguments: { ignore: true } });
    for (const result of await Promise.all([heeding, ignoring])) {
      expect(textOf(result)[0]).toMatch(/^timeout: no answer within 0\.3 s\./);
      expect(result._meta).toMatchObject({ error: { retryable: true } });
    }
    expect(told).toEqual([{ progress: 1, total: 2, message: "half" }]);
  });

  test("a handler may return what it has at the deadline", async () => {
    await using server = await open("--timeout", "200ms");
    const result = await server.client.callTool({ name: "search_slowly" });
    expect(textOf(result)).toEqual(["found 3, next cursor abc"]);
  });

  test("calls beyond the concurrency wait in order, and a cancelled one gives its place up", async () => {
    await using server = await open("--concurrency", "1", "--timeout", "10s");
    const cancel = new AbortController();
    const first = server.client.callTool({ name: "wait_long" }, { signal: cancel.signal });
    const order: number[] = [];
    const others = [1, 2, 3].map(async (b) => {
      await server.client.callTool({ name: "add_numbers", arguments: { a: 0, b } });
      order.push(b);
    });
    await server.client.listTools();
    expect(order).toEqual([]);
    cancel.abort();
    await expect(first).rejects.toThrow();
    await Promise.all(others);
    expect(order).toEqual([1, 2, 3]);
  });

  test("lists may be kept, reads only when their handler says so", async () => {
    await using server = await open();
    const read = (uri: string) => server.client.request({ method: "resources/read", params: { uri } });
    const tools = await server.client.request({ method: "tools/list" });
    const [page, about] = [await read("test://pages/p0/a%20b"), await read("test://about")];
    if (era === "2025-11-25") return expect([tools, about].some((result) => "ttlMs" in result)).toBe(false);
    expect(tools).toMatchObject({ ttlMs: 300_000, cacheScope: "public" });
    expect(page).toMatchObject({ ttlMs: 0, cacheScope: "private" });
    expect(about).toMatchObject({ ttlMs: 60_000, cacheScope: "public" });
  });

  test("a tool names its view, and the view carries what a host needs to show it", async () => {
    await using server = await open();
    const { tools } = await server.client.listTools();
    const _meta = { ui: { resourceUri: "ui://everything/picture" } };
    expect(tools.find(({ name }) => name === "draw_picture")).toMatchObject({ _meta });
    expect(tools.filter((tool) => "_meta" in tool)).toHaveLength(1);
    const { contents } = await server.client.readResource({ uri: _meta.ui.resourceUri });
    expect(contents[0]).toMatchObject({ _meta: { ui: { prefersBorder: true } } });
  });
});

test("schemas carry no dialect, and no bounds that only say a safe integer", async () => {
  const add = (await everything.describe()).tools.find(({ name }) => name === "add_numbers");
  expect(add?.inputSchema).toEqual({
    type: "object",
    properties: {
      a: { type: "integer", description: "The first." },
      b: { type: "integer", default: 1, description: "The second; 1 when left out." },
    },
    required: ["a"],
    additionalProperties: false,
  });
});
