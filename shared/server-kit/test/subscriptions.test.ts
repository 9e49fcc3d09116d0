import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, test, vi } from "vitest";
import { createSubscriptions, listenedUris, lookEverySecond } from "../src/subscriptions.ts";
import { ERAS, type Era, spawn } from "../src/testing/index.ts";

const BIN = "dist/test/everything.mjs";

const TICKING = "test://pages/ticking";

async function subscribe(client: Client, era: Era, heard: string[]): Promise<() => Promise<unknown>> {
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
  if (era === "2025-11-25") {
    await client.subscribeResource({ uri: TICKING });
    return () => client.unsubscribeResource({ uri: TICKING });
  }
  const subscription = await client.listen({ resourceSubscriptions: [TICKING] });
  return () => subscription.close();
}

describe.each([
  ["2025-11-25", "stdio"],
  ["2026-07-28", "stdio"],
  ["2026-07-28", "http"],
] as const)("%s over %s", (era, transport) => {
  test("a subscriber hears of changes until it leaves", async () => {
    await using server = await spawn(BIN, { era, transport });
    const heard: string[] = [];
    const leave = await subscribe(server.client, era, heard);
    await expect.poll(() => heard.length).toBeGreaterThan(2);
    expect(new Set(heard)).toEqual(new Set([TICKING]));
    await leave();
    await server.client.listTools();
    const until = heard.length;
    for (let turn = 0; turn < 20; turn += 1) await server.client.listTools();
    expect(heard.length).toBeLessThanOrEqual(until + 1);
  });
});

test("a 2025 host over stateless HTTP is not promised what cannot reach it", async () => {
  await using http = await spawn(BIN, { era: "2025-11-25", transport: "http" });
  expect(http.client.getServerCapabilities()?.resources).toEqual({ listChanged: false, subscribe: false });
  await using stdio = await spawn(BIN, { era: "2025-11-25", transport: "stdio" });
  expect(stdio.client.getServerCapabilities()?.resources).toEqual({ listChanged: false, subscribe: true });
  await expect(stdio.client.subscribeResource({ uri: "nothing://x" })).rejects.toMatchObject({ code: -32602 });
});

test("subscribers of one resource share a watch, which ends with the last of them", () => {
  const stop = vi.fn();
  const watch = vi.fn((_uri: string, _changed: () => void) => stop);
  const subscriptions = createSubscriptions(watch);
  const heard: string[] = [];
  const off = subscriptions.onChange((uri) => heard.push(uri));
  const first = subscriptions.subscribe(["a", "a", "b"]);
  const second = subscriptions.subscribe(["a"]);
  expect(watch.mock.calls.map(([uri]) => uri)).toEqual(["a", "b"]);
  watch.mock.calls[0]?.[1]();
  expect(heard).toEqual(["a"]);
  first();
  first();
  expect(stop).toHaveBeenCalledTimes(1);
  second();
  expect(stop).toHaveBeenCalledTimes(2);
  off();
  watch.mock.calls[0]?.[1]();
  expect(heard).toEqual(["a"]);
});

test("a watch that fails leaves nothing watched", () => {
  const stop = vi.fn();
  const subscriptions = createSubscriptions((uri) => {
    if (uri === "bad") throw new Error("no");
    return stop;
  });
  expect(() => subscriptions.subscribe(["a", "b", "bad", "c"])).toThrow("no");
  expect(stop).toHaveBeenCalledTimes(2);
});

const uris = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `test://pages/p${from + at}`);

test("a process watches 500 URIs for all its subscribers, and room is made by those who leave", () => {
  const watch = vi.fn(() => () => undefined);
  const subscriptions = createSubscriptions(watch);
  expect(() => subscriptions.subscribe(uris(501))).toThrow(/may watch 500/);
  expect(watch).not.toHaveBeenCalled();
  const leave = subscriptions.subscribe(uris(499));
  subscriptions.subscribe(["other"]);
  // The same URIs again are the same watches.
  subscriptions.subscribe(uris(499))();
  expect(() => subscriptions.subscribe(["another"])).toThrow("the process may watch 500 resources at a time.");
  expect(watch).toHaveBeenCalledTimes(500);
  leave();
  subscriptions.subscribe(uris(499, 1000));
  expect(watch).toHaveBeenCalledTimes(999);
});

test("all looks share one timer and follow one another", async () => {
  vi.useFakeTimers();
  try {
    let running = 0;
    let most = 0;
    const look = async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    };
    const looks = Array.from({ length: 100 }, () => vi.fn(look));
    const releases = looks.map(lookEverySecond);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(3500);
    expect(vi.getTimerCount()).toBe(1);
    for (const each of looks) expect(each.mock.calls.length).toBe(3);
    expect(most).toBe(1);
    for (const release of releases) release();
    await vi.advanceTimersByTimeAsync(5000);
    for (const each of looks) expect(each.mock.calls.length).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

describe.each([
  ["2025-11-25", "stdio"],
  ["2026-07-28", "stdio"],
  ["2026-07-28", "http"],
] as const)("too many subscriptions, %s over %s", (era, transport) => {
  test("are refused with what to do, and those that are held go on", async () => {
    await using server = await spawn(BIN, { era, transport });
    const heard: string[] = [];
    await subscribe(server.client, era, heard);
    const ask =
      era === "2025-11-25"
        ? async () => {
            for (const uri of uris(500)) await server.client.subscribeResource({ uri });
          }
        : () => server.client.listen({ resourceSubscriptions: uris(500) });
    await expect(ask()).rejects.toThrow(/500|400/);
    const before = heard.length;
    await expect.poll(() => heard.length).toBeGreaterThan(before);
  });
});

describe.each([
  ["2025-11-25", "stdio"],
  ["2026-07-28", "stdio"],
  ["2026-07-28", "http"],
] as const)("a watch that throws, %s over %s", (era, transport) => {
  test("is told by reference alone, and the server goes on", async () => {
    await using server = await spawn(BIN, { era, transport });
    // Before it is open, a watch that throws is only logged.
    await server.client.listTools();
    const asked =
      era === "2025-11-25"
        ? server.client.subscribeResource({ uri: "test://pages/unwatchable" })
        : server.client.listen({ resourceSubscriptions: ["test://pages/unwatchable"] });
    const refused = await asked.then(
      () => "subscribed",
      (error: unknown) => String(error),
    );
    expect(refused).toMatch(/reference|400/);
    expect(refused).not.toMatch(/hunter2/);
    expect((await server.client.listTools()).tools).not.toHaveLength(0);
  });
});

test.each(ERAS)("a message of the %s era that listens for nothing names no URI", () => {
  for (const message of [undefined, 1, [], {}, { method: "subscriptions/listen" }, { method: "ping", params: {} }]) {
    expect(listenedUris(message)).toEqual([]);
  }
  const params = { notifications: { resourceSubscriptions: ["a", "b"] } };
  expect(listenedUris({ method: "subscriptions/listen", params })).toEqual(["a", "b"]);
});
