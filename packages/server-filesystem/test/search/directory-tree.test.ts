import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const files = {
  "README.md": "",
  "src/a.ts": "",
  "src/deep/b.ts": "",
  "node_modules/x/index.js": "",
  "src/node_modules/y.js": "",
};
const { folder, ok, error } = useServer({ files });

const file = (name: string) => ({ name, type: "file" });
const directory = (name: string, ...children: readonly unknown[]) => ({ name, type: "directory", children });
const SOURCES = directory(
  "src",
  file("a.ts"),
  directory("deep", file("b.ts")),
  directory("node_modules", file("y.js")),
);

async function treeOf(
  args: Readonly<Record<string, unknown>>,
): Promise<{ readonly tree: unknown; readonly facts: string }> {
  const { blocks } = await ok("directory_tree", args);
  return { tree: JSON.parse(blocks[0] ?? ""), facts: blocks[1] ?? "" };
}

test("the tree is JSON with name, type and children", async () => {
  const { tree, facts } = await treeOf({ path: folder.path });
  expect(tree).toEqual([file("README.md"), directory("node_modules", directory("x", file("index.js"))), SOURCES]);
  expect(facts).toBe("10 entries, complete");
  expect((await treeOf({ path: "src/deep" })).tree).toEqual([file("b.ts")]);
});

test.each([["node_modules"], ["**/node_modules/**"], ["**/node_modules"], ["node_modules/"]])(
  "%s leaves a directory out at any depth",
  async (pattern) => {
    const { tree } = await treeOf({ path: ".", excludePatterns: [pattern, "*.md"] });
    expect(tree).toEqual([directory("src", file("a.ts"), directory("deep", file("b.ts")))]);
  },
);

test("maxDepth marks where it cuts", async () => {
  const { tree, facts } = await treeOf({ path: "src", maxDepth: 1 });
  expect(tree).toEqual([
    file("a.ts"),
    { ...directory("deep"), truncated: true },
    { ...directory("node_modules"), truncated: true },
  ]);
  expect(facts).toContain("2 directories below maxDepth");
});

test("upper levels come first when there is no room, and every cut is marked", async () => {
  for (const name of ["a", "b", "c"]) {
    for (let index = 0; index < 100; index += 1) {
      mkdirSync(`${folder.at("wide")}/${name}/${index}`, { recursive: true });
      writeFileSync(`${folder.at("wide")}/${name}/${index}/file`, "");
    }
  }
  const { tree, facts } = await treeOf({ path: "wide", maxEntries: 93 });
  expect(tree).toMatchObject(["a", "b", "c"].map((name) => ({ name, more: 70 })));
  expect(facts).toMatch(/^93 entries, 210 more in directories marked with more, 90 directories not listed/);
  const { tree: top } = await treeOf({ path: "wide", maxEntries: 2 });
  expect(top).toEqual([
    { ...directory("a"), truncated: true },
    { ...directory("b"), truncated: true },
    { name: "…", type: "truncated", more: 1 },
  ]);
});

test("links, names of all kinds, and an empty directory", async () => {
  const at = folder.at("kinds");
  mkdirSync(`${at}/empty`, { recursive: true });
  symlinkSync("..", `${at}/loop`);
  symlinkSync("/etc", `${at}/out`);
  writeFileSync(`${at}/a"\n\\b`, "");
  writeFileSync(Buffer.concat([Buffer.from(`${at}/z`), Buffer.from([0xff])]), "");
  const { tree } = await treeOf({ path: "kinds" });
  expect(tree).toEqual([
    file('a"\n\\b'),
    directory("empty"),
    { name: "loop", type: "symlink" },
    { name: "out", type: "symlink" },
    file("z\uFFFD"),
  ]);
  expect((await treeOf({ path: "kinds/empty" })).tree).toEqual([]);
});

test("a tree that is deeper than a path may be long is shown as far as there is room", async () => {
  let at = folder.at("deep");
  mkdirSync(at);
  for (let depth = 0; depth < 15; depth += 1) {
    at = `${at}/${"d".repeat(200)}`;
    mkdirSync(at);
  }
  const { tree, facts } = await treeOf({ path: "deep" });
  expect(JSON.stringify(tree).split("d".repeat(200))).toHaveLength(16);
  expect(facts).toContain("complete");
});

test.each<[args: Readonly<Record<string, unknown>>, words: string]>([
  [{ path: "README.md" }, "is not a directory"],
  [{ path: "none" }, "does not exist"],
  [{ path: "/etc" }, "outside the allowed directories"],
  [{ path: ".", maxDepth: 0 }, "maxDepth"],
  [{ path: ".", excludePatterns: ["+(a|b)"] }, "write {a,b}"],
])("%j is refused", async (args, words) => {
  expect(await error("directory_tree", args)).toContain(words);
});
