import { utimesSync } from "node:fs";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const { folder, ok } = useServer({
  files: {
    ".gitignore": "dist\n*.tmp\n",
    ".git/info/exclude": "private.txt\n",
    "private.txt": "",
    "dist/out.txt": "x",
    "a.tmp": "",
    ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`s${n % 3}/f${n}.txt`, "x".repeat((n * 7) % 20)])),
    "e\u0301te\u0301.md": "",
    "Read Me.md": "",
  },
});
for (let n = 0; n < 20; n += 1)
  utimesSync(folder.at(`s${n % 3}/f${n}.txt`), 1000 + ((n * 11) % 20), 1000 + ((n * 11) % 20));

type Args = Readonly<Record<string, unknown>>;
async function find(args: Args) {
  const { value, text } = await ok("search_files", { path: "", pattern: "f*.txt", ...args });
  const paths = (Array.isArray(value.matches) ? value.matches : []).map(({ path }) => path);
  return { ...value, paths, text };
}

test("largest and newest first", async () => {
  const numbers = (paths: readonly string[]) => paths.map((path) => Number(/f(\d+)/.exec(path)?.[1]));
  expect(numbers((await find({ sort_by: "size" })).paths).map((n) => (n * 7) % 20)).toEqual(
    Array.from({ length: 20 }, (_, n) => 19 - n),
  );
  expect(numbers((await find({ sort_by: "modified" })).paths).map((n) => (n * 11) % 20)).toEqual(
    Array.from({ length: 20 }, (_, n) => 19 - n),
  );
});

test.each(["path", "size", "modified"])("pages by %s hold all, in order, and nothing twice", async (sort_by) => {
  const all = (await find({ sort_by })).paths;
  const seen: string[] = [];
  let cursor: unknown;
  do {
    const page: Awaited<ReturnType<typeof find>> & { cursor?: unknown } = await find({
      sort_by,
      limit: 6,
      ...(cursor !== undefined && { cursor }),
    });
    seen.push(...page.paths);
    cursor = page.cursor;
    if (cursor !== undefined) expect(page.text).toMatch(/\n6 matches shown, more follow: cursor \S+$/);
  } while (cursor !== undefined);
  expect(seen).toEqual(all);
});

test("ignore files are honoured on request, and the entries they hide are counted", async () => {
  const all = await find({ pattern: "*", type: "file" });
  expect(all.paths).toEqual(expect.arrayContaining([".git/info/exclude", "a.tmp", "dist/out.txt", "private.txt"]));
  const some = await find({ pattern: "*", type: "file", include_ignored: false });
  expect(some.paths).toEqual(all.paths.filter((path) => !/^(?:\.git\/|a\.tmp|dist\/|private)/.test(path)));
  expect(some).toMatchObject({ ignored: 3, complete: true });
  expect(some.text).toContain("3 left out by ignore files");
});

test("the tree honours them too", async () => {
  const tree = async (args: Args) => (await ok("directory_tree", { path: "", maxDepth: 1, ...args })).blocks;
  expect((await tree({})).join()).toMatch(/"\.git".*"dist"/s);
  const [json = "", facts] = await tree({ include_ignored: false });
  expect(JSON.parse(json).map(({ name }: { readonly name: string }) => name)).toEqual(
    [".gitignore", "Read Me.md", "e\u0301te\u0301.md", "s0", "s1", "s2"].sort(),
  );
  expect(facts).toContain("3 left out by ignore files");
});

test("the rules above the start count, and one path may be named as a text", async () => {
  folder.write("s0/b.tmp", "");
  expect((await find({ path: "s0", pattern: "*.tmp" })).paths).toEqual(["s0/b.tmp"]);
  expect((await find({ path: "s0", pattern: "*.tmp", include_ignored: false })).paths).toEqual([]);
  expect((await find({ pattern: "*.tmp", excludePatterns: "s0, s1" })).paths).toEqual(["a.tmp"]);
});

test("case is ignored when asked, and accents match however they are written", async () => {
  expect((await find({ pattern: "read me.md" })).paths).toEqual([]);
  expect((await find({ pattern: "read me.md", case_sensitive: false })).paths).toEqual(["Read Me.md"]);
  for (const pattern of ["\u00e9t\u00e9.md", "e\u0301te\u0301.md", "?t?.md", "[\u00e9]t*"]) {
    expect((await find({ pattern })).paths, pattern).toEqual(["e\u0301te\u0301.md"]);
  }
  expect((await find({ pattern: "*", excludePatterns: ["*\u00e9.md"] })).paths).not.toContain("e\u0301te\u0301.md");
});
