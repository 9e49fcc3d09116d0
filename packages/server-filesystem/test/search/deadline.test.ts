import { openRoot } from "@org/beneath";
import { type Log, ToolError } from "@org/server-kit";
import { call, useCleanup } from "@org/server-kit/testing";
import { beforeAll, expect, test } from "vitest";
import { stuckError } from "../../src/common/content-text.ts";
import type { ContentArgs } from "../../src/search/find-lines.ts";
import { openSearch } from "../../src/search/search.ts";
import { useServer } from "../use-server.ts";

const nothing = () => undefined;
const silent: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  flush: nothing,
  enabled: () => false,
};
const cleanup = useCleanup();
const QUERY: ContentArgs = {
  query: "x",
  regex: false,
  caseSensitive: true,
  wanted: "lines",
  include: [],
  exclude: [],
  context: 0,
  limit: 10,
  ignore: undefined,
  from: undefined,
  share: 0,
  shares: 1,
  maxRead: 1000,
};

/** An expression that would run practically forever on this line. */
const BOMB = "(a+)+$";
const { folder, client, ok, error } = useServer({
  files: { "a.txt": "aaa\n", "b.txt": `${"a".repeat(100)}!\n`, "c.txt": "aaa\n", "d/e.txt": "needle\n" },
  args: ["--timeout", "3s"],
});

// Threads take a while to start.
beforeAll(async () => {
  await Promise.all([1, 2, 3, 4].map(() => ok("search_content", { path: "", query: "needle" })));
});

const bomb = { path: "", query: BOMB, regex: true };

test("an expression that takes for ever ends at the deadline", async () => {
  expect(await error("search_content", bomb)).toMatch(/^timeout: /);
});

test("a job that gets stuck is terminated, reports where it was, and makes room for others", async () => {
  const search = openSearch(silent);
  cleanup(search.close);
  const root = await openRoot(folder.path);
  cleanup(() => root.close());
  const rules = { deny: [], nested: [] };
  const args = { ...QUERY, query: BOMB, regex: true };
  for (let count = 0; count < 3; count += 1) {
    // A thread that is terminated gives its place back once it is gone.
    await expect.poll(() => search.idle(true), { timeout: 10_000 }).toBeGreaterThan(0);
    const controller = new AbortController();
    const call = { signal: controller.signal, progress: () => Promise.resolve() };
    // Once it has a thread; before that it would not even begin.
    const abortingSoon = () => {
      setImmediate(() => controller.abort());
      return [args];
    };
    const ended = search.run("content", { root, path: "b.txt", given: "~/b.txt", rules }, abortingSoon, call);
    expect(await ended).toEqual([{ stuckIn: "~/b.txt" }]);
  }
});

test("a search that did not finish reports what it found", () => {
  const lines = [{ number: 1, text: "aaa", isMatch: true }];
  const parts = [
    { path: "c", lines, matches: 1 },
    { path: "a", lines, matches: 1 },
  ];
  const error = stuckError("~/b.txt", parts, "~", AbortSignal.abort(new ToolError("timeout", "late")));
  expect(error).toMatchObject({ code: "timeout", message: expect.stringContaining('stopped in "~/b.txt"') });
  expect(error).toMatchObject({ message: expect.stringContaining("~/a:1:aaa\n~/c:1:aaa") });
  const reason = new ToolError("cancelled", "by the client");
  expect(stuckError("x", [], "", AbortSignal.abort(reason))).toBe(reason);
});

test("meanwhile all other calls are answered, and afterwards searches as well", async () => {
  const order: string[] = [];
  const slow = error("search_content", bomb).then(() => order.push("bomb"));
  await ok("list_allowed_directories", {});
  await ok("read_text_file", { path: "a.txt" });
  order.push("others");
  await slow;
  expect(order).toEqual(["others", "bomb"]);
  expect((await ok("search_content", { path: "", query: "needle" })).blocks[0]).toBe("d/e.txt:1:needle");
});

test("more bombs than there are threads end at their deadlines, and leave none behind", async () => {
  const texts = await Promise.all(Array.from({ length: 6 }, () => error("search_content", bomb)));
  for (const text of texts) expect(text).toMatch(/^timeout: /);
  expect((await ok("search_files", { path: "", pattern: "e.txt" })).text).toContain("d/e.txt");
});

test("a search that is cancelled makes room for others", async () => {
  const controller = new AbortController();
  const cancelled = Array.from({ length: 5 }, () =>
    client().callTool({ name: "search_content", arguments: bomb }, { signal: controller.signal }),
  );
  controller.abort();
  for (const each of await Promise.allSettled(cancelled)) expect(each.status).toBe("rejected");
  expect((await ok("search_content", { path: "", query: "needle" })).blocks[0]).toBe("d/e.txt:1:needle");
});

test("many searches at once each get their own results", async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      index % 2
        ? call(client(), "search_files", { path: "", pattern: "c.txt" })
        : call(client(), "search_content", { path: "d", query: "needle" }),
    ),
  );
  for (const [index, { text }] of answers.entries()) {
    expect(text).toContain(index % 2 ? "c.txt" : "d/e.txt:1:needle");
  }
});
