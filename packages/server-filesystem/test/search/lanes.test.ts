import { beforeAll, expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const { ok, error } = useServer({
  files: { "a.txt": "needle\n", "b.txt": `${"a".repeat(100)}!\n`, "c.txt": `${"a".repeat(100)}!\n` },
  args: ["--timeout", "4s"],
});

// Threads take a while to start.
beforeAll(async () => {
  await ok("list_directory", { path: "" });
  await ok("search_content", { path: "a.txt", query: "needle" });
});

test("expressions that take for ever keep nothing else waiting, however many they are", async () => {
  const order: string[] = [];
  const bombs = Array.from({ length: 6 }, async () => {
    expect(await error("search_content", { path: "", query: "(a+)+$", regex: true })).toMatch(/^timeout: /);
    order.push("bomb");
  });
  // Only once all of them have arrived.
  await ok("list_allowed_directories", {});
  const others = [
    ok("list_directory", { path: "" }),
    ok("directory_tree", { path: "" }),
    ok("search_files", { path: "", pattern: "*.txt" }),
    ok("search_content", { path: "", query: "needle" }),
  ];
  for (const other of others) void other.then(() => order.push("other"));
  await Promise.all([...others, ...bombs]);
  expect(order.slice(0, others.length)).toEqual(others.map(() => "other"));
}, 60_000);
