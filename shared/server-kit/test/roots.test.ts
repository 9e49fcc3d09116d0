import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { parseOptions } from "../src/command-line.ts";
import { defineServer, defineTool, READ_ONLY } from "../src/index.ts";
import { createLog } from "../src/log.ts";
import { connect } from "../src/testing/index.ts";

interface Taken {
  uris: readonly string[];
}

const server = defineServer({
  name: "server-roots",
  version: "1.0.0",
  title: "Roots",
  instructions: "",
  options: { alone: { type: "boolean", description: "Whether the host's roots have no say." } },
  open: ({ alone }): Taken & { alone: boolean } => ({ uris: ["none yet"], alone }),
  tools: [
    defineTool({
      name: "list_roots",
      title: "List roots",
      description: "The roots that were taken.",
      annotations: READ_ONLY,
      input: z.strictObject({}),
      run: (_, { uris }: Taken) => uris.join(" "),
    }),
  ],
  roots: (context) => {
    if (context.alone) return undefined;
    return (uris) => {
      if (uris.includes("file:///bad")) throw new Error("no");
      context.uris = uris;
    };
  },
});

const works: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const work of works.splice(0).reverse()) await work();
});

/** A 2025 host that tells its roots when `answer` does. */
async function host(answer: (() => Promise<readonly string[]>) | undefined, args: readonly string[] = []) {
  const running = server.open(parseOptions(server.name, server.options, args, {}), createLog("silent", "json"));
  const [here, there] = InMemoryTransport.createLinkedPair();
  const instance = await running.factory({ era: "legacy" });
  const client = new Client(
    { name: "host", version: "1" },
    { capabilities: answer ? { roots: { listChanged: true } } : {} },
  );
  const asked = vi.fn();
  if (answer) {
    client.setRequestHandler("roots/list", async () => {
      asked();
      return { roots: (await answer()).map((uri) => ({ uri })) };
    });
  }
  await instance.connect(there);
  await client.connect(here);
  works.push(
    () => running.close(),
    () => client.close(),
  );
  const list = async () => {
    const { content } = await client.callTool({ name: "list_roots", arguments: {} });
    return content.map((block) => (block.type === "text" ? block.text : "")).join();
  };
  return { client, list, asked };
}

test("calls wait for the roots, at the start and after each change", async () => {
  let uris = ["file:///a"];
  const asked: (() => void)[] = [];
  const { client, list } = await host(() => new Promise((resolve) => asked.push(() => resolve(uris))));
  const tell = async () => {
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    asked.pop()?.();
  };
  const first = list();
  await tell();
  expect(await first).toBe("file:///a");
  uris = ["file:///b", "file:///c"];
  await client.sendRootsListChanged();
  const second = list();
  await tell();
  expect(await second).toBe("file:///b file:///c");
});

test("a host without roots is not asked, nor one whose roots have no say", async () => {
  expect(await (await host(undefined)).list()).toBe("none yet");
  const alone = await host(async () => ["file:///"], ["--alone"]);
  expect(await alone.list()).toBe("none yet");
  await alone.client.sendRootsListChanged();
  expect(await alone.list()).toBe("none yet");
  expect(alone.asked).not.toHaveBeenCalled();
});

test("roots that cannot be told or taken leave things as they are", async () => {
  let uris: readonly string[] | undefined = ["file:///a"];
  const { client, list } = await host(async () => {
    if (!uris) throw new Error("no");
    return uris;
  });
  expect(await list()).toBe("file:///a");
  for (uris of [undefined, ["file:///bad"]]) {
    await client.sendRootsListChanged();
    expect(await list()).toBe("file:///a");
  }
});

test("a host that never tells its roots holds calls up for seconds, and not for ever", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { list, asked } = await host(() => new Promise(() => undefined));
  const answer = list();
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await answer).toBe("none yet");
});

test("a burst of changes is one question, and calls get the roots after the last of them", async () => {
  let count = 0;
  const { client, list, asked } = await host(async () => [`file:///${count}`]);
  expect(await list()).toBe("file:///0");
  asked.mockClear();
  for (count = 1; count < 500; count += 1) void client.sendRootsListChanged();
  expect(await list()).toBe("file:///500");
  expect(asked.mock.calls.length).toBeLessThanOrEqual(2);
});

test("a host that never names its roots is waited for no longer than a call may take", async () => {
  const { list } = await host(() => new Promise(() => undefined), ["--timeout", "300ms"]);
  const began = performance.now();
  expect(await list()).toMatch(/none yet|^timeout: /);
  // Far below the five seconds that a host has by itself.
  expect(performance.now() - began).toBeLessThan(4500);
});

test("a 2026 client is not asked", async () => {
  await using connection = await connect(server);
  const { content } = await connection.client.callTool({ name: "list_roots", arguments: {} });
  expect(content).toEqual([{ type: "text", text: "none yet" }]);
});
