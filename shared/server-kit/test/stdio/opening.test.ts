import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import { ended, spawn, start, useFolder } from "../../src/testing/index.ts";

const BIN = "dist/test/opening.mjs";
const folder = useFolder();
const children: ChildProcess[] = [];
let files = 0;

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const INFO = { name: "raw", version: "1" };
const MODERN = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": INFO,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const INITIALIZE = ["initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: INFO }] as const;
const DISCOVER = ["server/discover", { _meta: MODERN }] as const;
const call = (name: string) => ["tools/call", { name, arguments: {} }] as const;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly error?: { code: number; message: string };
  readonly result?: { content?: { text: string }[]; isError?: boolean };
}

/** A server that is open once `open()` is called. */
function begin(...args: string[]) {
  files += 1;
  const file = join(folder.path, `open-${files}`);
  const child = start(BIN, ["--until", file, ...args]);
  children.push(child);
  const messages: Message[] = [];
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    messages.push(JSON.parse(line));
    lines.emit("message");
  });
  const write = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const answer = async (id: number): Promise<Message> => {
    for (;;) {
      const found = messages.find((message) => message.id === id);
      if (found) return found;
      await once(lines, "message");
    }
  };
  return {
    child,
    messages,
    answer,
    text: async (id: number) => (await answer(id)).result?.content?.[0]?.text,
    ask: (id: number, method: string, params: object = {}) => write({ id, method, params }),
    notify: (method: string, params: object = {}) => write({ method, params }),
    open: () => writeFileSync(file, ""),
    /** What was written to stderr, when the process has ended. */
    stderr: async () => {
      if (!child.stderr.closed) await once(child.stderr, "close");
      return stderr;
    },
  };
}

describe("before the state is open", () => {
  test.each([
    ["2025", INITIALIZE, "ping", {}],
    ["2026", DISCOVER, DISCOVER[0], { _meta: MODERN }],
  ] as const)("a %s host is greeted, and all else waits for it", async (_, [method, params], again, meta) => {
    const host = begin();
    host.ask(0, method, params);
    await host.answer(0);
    const asked = ["tools/list", "prompts/list", "resources/templates/list", "resources/list"];
    for (const [at, method] of asked.entries()) host.ask(at + 1, method, meta);
    host.ask(5, "resources/read", { uri: "test://x", ...meta });
    host.ask(6, "prompts/get", { name: "tell_state", ...meta });
    host.ask(7, "tools/call", { name: "inspect_state", arguments: {}, ...meta });
    // Once this is answered, so is whatever does not wait.
    host.ask(8, again, meta);
    await host.answer(8);
    expect(host.messages.map(({ id }) => id)).toEqual([0, 8]);
    host.open();
    for (let id = 1; id <= 7; id += 1) expect(await host.answer(id)).toHaveProperty("result");
    expect(await host.text(7)).toBe("opened");
  });

  test("what waits keeps its order", async () => {
    const host = begin("--concurrency", "2");
    host.ask(0, ...INITIALIZE);
    for (let id = 1; id <= 20; id += 1) host.ask(id, ...call("count_calls"));
    await host.answer(0);
    host.open();
    for (let id = 1; id <= 20; id += 1) expect(await host.text(id)).toBe(String(id));
    expect(host.messages.map(({ id }) => id)).toEqual(Array.from({ length: 21 }, (_, id) => id));
  });

  test("a call that is cancelled while it waits never begins", async () => {
    const host = begin();
    host.ask(0, ...INITIALIZE);
    host.ask(1, ...call("count_calls"));
    host.notify("notifications/cancelled", { requestId: 1 });
    host.ask(2, "ping");
    await host.answer(2);
    host.open();
    host.ask(3, ...call("count_calls"));
    expect(await host.text(3)).toBe("1");
    expect(host.messages.map(({ id }) => id)).toEqual([0, 2, 3]);
  });

  test("what waits has its deadline, lists as well", async () => {
    const host = begin("--timeout", "200ms");
    host.ask(0, ...INITIALIZE);
    host.ask(1, ...call("count_calls"));
    host.ask(2, "tools/list");
    expect(await host.text(1)).toMatch(/^timeout: no answer within 0\.2 s/);
    expect((await host.answer(2)).error?.message).toMatch(/^timeout: /);
    host.open();
    host.ask(3, ...call("count_calls"));
    expect(await host.text(3)).toBe("1");
  });

  test.each(["2025-11-25", "2026-07-28"] as const)("a %s subscription watches once it is open", async (era) => {
    files += 1;
    const file = join(folder.path, `open-${files}`);
    await using server = await spawn(BIN, { era, args: ["--until", file] });
    const heard: string[] = [];
    const { client } = server;
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
    const subscribed =
      era === "2025-11-25"
        ? client.subscribeResource({ uri: "test://x" })
        : client.listen({ resourceSubscriptions: ["test://x"] });
    if (era === "2026-07-28") await (await client.listen({ resourceSubscriptions: ["test://gone"] })).close();
    else await client.ping();
    expect(server.stderr()).toBe("");
    writeFileSync(file, "");
    await subscribed;
    await expect.poll(() => heard.length).toBeGreaterThan(1);
    expect(new Set(heard)).toEqual(new Set(["test://x"]));
    expect(server.stderr()).toContain("watching what is opened");
  });
});

describe("a state that cannot be opened", () => {
  test("ends it with the reason on stderr and code 2, and whoever waits is told", async () => {
    const host = begin("--failure", "ours");
    host.ask(0, ...INITIALIZE);
    await host.answer(0);
    host.ask(1, ...call("inspect_state"));
    host.ask(2, "tools/list");
    host.ask(3, "ping");
    await host.answer(3);
    host.open();
    expect(await host.text(1)).toBe("invalid_input: --failure: not that one.");
    expect((await host.answer(2)).error).toMatchObject({ message: "invalid_input: --failure: not that one." });
    expect(await ended(host.child)).toMatchObject({ code: 2 });
    expect(await host.stderr()).toBe("server-opening: --failure: not that one.\n");
  });

  test("by an exception ends it with code 1, and its words stay in the log", async () => {
    const host = begin("--failure", "other");
    host.ask(0, ...INITIALIZE);
    host.ask(1, ...call("inspect_state"));
    await host.answer(0);
    host.open();
    expect(await host.text(1)).toMatch(/^internal: .*\(reference [\da-f]+\)/);
    expect(await ended(host.child)).toMatchObject({ code: 1 });
    expect(await host.stderr()).toMatch(/\nserver-opening: unexpected Error: hunter2\n/);
    expect(JSON.stringify(host.messages)).not.toContain("hunter2");
  });

  test.each([
    ["has greeted its host", [INITIALIZE]],
    ["was asked nothing", []],
  ] as const)("ends with code 2 a server that %s, also after EOF", async (_, asked) => {
    const host = begin("--failure", "ours");
    for (const [at, [method, params]] of asked.entries()) host.ask(at, method, params);
    host.child.stdin.end();
    if (asked.length > 0) await host.answer(0);
    host.open();
    expect(await ended(host.child)).toMatchObject({ code: 2 });
    expect(await host.stderr()).toBe("server-opening: --failure: not that one.\n");
  });

  test("a wrong name in --tools ends it with code 2 as well", async () => {
    const host = begin("--tools", "inspect_state,nonsense");
    host.ask(0, ...INITIALIZE);
    await host.answer(0);
    expect(await ended(host.child)).toMatchObject({ code: 2 });
    expect(await host.stderr()).toMatch(/^server-opening: --tools: no tool is named "nonsense"\. [^\n]*\n$/);
  });
});

describe("the end of a process that is opening", () => {
  test("after EOF what was asked is answered, and the state is closed", async () => {
    const host = begin();
    host.ask(0, ...INITIALIZE);
    host.ask(1, ...call("inspect_state"));
    host.child.stdin.end();
    await host.answer(0);
    host.open();
    expect(await host.text(1)).toBe("opened");
    expect(await ended(host.child)).toMatchObject({ code: 0 });
    expect(await host.stderr()).toBe("closed\n");
  });

  test("on SIGTERM what waits is told, and the state is closed when it is open", async () => {
    const host = begin();
    host.ask(0, ...INITIALIZE);
    host.ask(1, ...call("inspect_state"));
    await host.answer(0);
    host.child.kill("SIGTERM");
    expect(await host.text(1)).toMatch(/^cancelled: the server is shutting down/);
    host.open();
    expect(await ended(host.child)).toMatchObject({ code: 143 });
    expect(await host.stderr()).toBe("closed\n");
  });

  test.each([
    ["EOF", 0],
    ["SIGTERM", 143],
  ] as const)("%s ends one whose state is never open", async (how, code) => {
    const host = begin();
    host.ask(0, ...INITIALIZE);
    host.ask(1, ...call("inspect_state"));
    await host.answer(0);
    if (how === "EOF") host.child.stdin.end();
    else host.child.kill(how);
    expect(await host.text(1)).toMatch(/^cancelled: /);
    expect(await ended(host.child)).toMatchObject({ code });
    expect(await host.stderr()).toBe("");
  });
});
