import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const files = {
  "README.md": "x".repeat(10),
  ".env": "",
  "src/a.ts": "x".repeat(20),
  "src/deep/a.ts": "x".repeat(30),
  "src/deep/b.tsx": "",
  "node_modules/a.ts": "",
};
const { folder, ok, error } = useServer({ files });
const cleanup = useCleanup();

type Value = Readonly<Record<string, unknown>>;
const pathsIn = (value: Value): unknown[] =>
  (Array.isArray(value.matches) ? value.matches : []).map(({ path }) => path);

async function found(args: Value): Promise<unknown[]> {
  return pathsIn((await ok("search_files", { path: "", ...args })).value);
}

test("names are found at any depth, in order, and named as the caller names the directory", async () => {
  expect(await found({ pattern: "a.ts" })).toEqual(["node_modules/a.ts", "src/a.ts", "src/deep/a.ts"]);
  expect(await found({ path: "src", pattern: "*.ts*" })).toEqual(["src/a.ts", "src/deep/a.ts", "src/deep/b.tsx"]);
  expect(await found({ path: `${folder.path}/src/`, pattern: "a.ts" })).toEqual([
    `${folder.path}/src/a.ts`,
    `${folder.path}/src/deep/a.ts`,
  ]);
});

test("globs with slashes are about the path", async () => {
  expect(await found({ pattern: "src/*.ts" })).toEqual(["src/a.ts"]);
  expect(await found({ pattern: "**/*.ts" })).toEqual(["node_modules/a.ts", "src/a.ts", "src/deep/a.ts"]);
  expect(await found({ pattern: "/*" })).toEqual([".env", "README.md", "node_modules", "src"]);
  expect(await found({ pattern: "deep/" })).toEqual(["src/deep"]);
  expect(await found({ pattern: "**/a.ts", excludePatterns: ["node_modules", "**/deep/**"] })).toEqual(["src/a.ts"]);
});

test("matches tell type, size and time, and the text says the same", async () => {
  utimesSync(folder.at("src/a.ts"), 1_700_000_000, 1_700_000_000);
  const { value, text } = await ok("search_files", { path: "src", pattern: "/a.ts" });
  expect(value).toEqual({
    matches: [{ path: "src/a.ts", type: "file", size: 20, modified: "2023-11-14T22:13:20.000Z" }],
    complete: true,
  });
  expect(text).toBe("[FILE] src/a.ts (20 B, 2023-11-14T22:13:20.000Z)\n1 match, complete");
});

test("type, size and time are filters", async () => {
  symlinkSync("a.ts", folder.at("src/link"));
  cleanup(() => rmSync(folder.at("src/link")));
  expect(await found({ pattern: "*", type: "symlink" })).toEqual(["src/link"]);
  expect(await found({ pattern: "*", type: "directory" })).toEqual(["node_modules", "src", "src/deep"]);
  expect(await found({ pattern: "*.ts", min_size: 20, max_size: 25 })).toEqual(["src/a.ts"]);
  utimesSync(folder.at("src/a.ts"), 1_700_000_000, 1_700_000_000);
  expect(await found({ path: "src", pattern: "a.ts", modified_after: "2023-11-20" })).toEqual(["src/deep/a.ts"]);
  expect(await found({ path: "src", pattern: "/a.ts", modified_after: "2023-11-14T22:13:20Z" })).toEqual(["src/a.ts"]);
  expect(await found({ path: "src", pattern: "/a.ts", modified_after: "2023-11-15T00:13:21+02:00" })).toEqual([]);
});

test("pages continue where the previous one ended, whatever comes and goes", async () => {
  const at = folder.at("many");
  for (let index = 0; index < 30; index += 1) {
    mkdirSync(`${at}/d${index % 4}/e${index % 3}`, { recursive: true });
    writeFileSync(`${at}/d${index % 4}/e${index % 3}/f${index}`, "");
  }
  cleanup(() => rmSync(at, { recursive: true }));
  const all = await found({ path: "many", pattern: "*" });
  const seen: unknown[] = [];
  let cursor: unknown;
  for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
    const { value } = await ok("search_files", { path: "many", pattern: "*", limit: 7, ...(page > 0 && { cursor }) });
    seen.push(...pathsIn(value));
    expect(value.complete).toBe(value.cursor === undefined);
    cursor = value.cursor;
    if (page === 1) rmSync(`${at}/d0`, { recursive: true });
  }
  expect(seen).toEqual(all);
});

test("links are reported and not followed, so a loop does no harm", async () => {
  mkdirSync(folder.at("loop"));
  cleanup(() => rmSync(folder.at("loop"), { recursive: true }));
  symlinkSync("..", folder.at("loop/up"));
  symlinkSync("/etc", folder.at("loop/out"));
  expect(await found({ path: "loop", pattern: "*" })).toEqual(["loop/out", "loop/up"]);
  expect(await found({ pattern: "passwd" })).toEqual([]);
});

test("an entry deeper than the longest path is found", async () => {
  let at = folder.at("deep");
  // Node cannot remove a path that is longer than the system allows.
  cleanup(() => execFileSync("rm", ["-rf", folder.at("deep")]));
  mkdirSync(at);
  for (let depth = 0; depth < 19; depth += 1) {
    at = `${at}/${"d".repeat(200)}`;
    mkdirSync(at);
  }
  // One more than the system allows in one call.
  const before = process.cwd();
  process.chdir(at);
  cleanup(() => process.chdir(before));
  mkdirSync("e".repeat(255));
  process.chdir("e".repeat(255));
  writeFileSync("needle.txt", "");
  process.chdir(before);
  const [path] = await found({ path: "deep", pattern: "needle.txt" });
  expect(String(path).length).toBeGreaterThan(4000);
});

test.each<[args: Value, words: string]>([
  [{ pattern: "" }, "pattern"],
  [{ pattern: "[a" }, "never closed with ]"],
  [{ pattern: "a".repeat(60_000) }, "longer than 1000 characters"],
  [{ pattern: "*", path: "README.md" }, "is not a directory"],
  [{ pattern: "*", path: "/etc" }, "outside the allowed directories"],
  [{ pattern: "*", modified_after: "yesterday" }, "is not a date"],
  [{ pattern: "*", modified_after: "2026-02-30" }, "is not a date"],
  [{ pattern: "*", min_size: 2, max_size: 1 }, "larger than max_size"],
  [{ pattern: "*", cursor: "xyz" }, "cursor: pass the cursor from the previous page"],
  [{ pattern: "*", excludePatterns: ["{a"] }, "excludePatterns"],
])("refused: %#", async (args, words) => {
  expect(await error("search_files", { path: "", ...args })).toContain(words);
});
