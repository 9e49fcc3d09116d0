import { describe, expect, test } from "vitest";
import { useServer } from "./use-server.ts";

const [NARROW, SPLIT, COMPOSED] = ["Shot 9.41\u202fAM.txt", "Cafe\u0301.txt", "Caf\u00e9.txt"];
const server = useServer({
  files: {
    [`shots/${NARROW}`]: "narrow\n",
    [`cafe/${SPLIT}`]: "split\n",
    "dir\u00a0one/x.txt": "x\n",
    "two/a b.txt": "blank\n",
    "two/a\u00a0b.txt": "no-break\n",
    "two/a\u2009b.txt": "thin\n",
    "app/src/config.ts": "",
    "app/src/deep/util.ts": "",
    "lib/src/deep/util.ts": "",
    "node_modules/src/config.ts": "",
  },
});
const { ok, error, folder } = server;

test("a directory that looks the same is listed and searched", async () => {
  expect((await ok("list_directory", { path: "dir one" })).text).toContain("x.txt");
  expect((await ok("search_content", { path: "dir one", query: "x" })).blocks[0]).toBe("dir one/x.txt:1:x");
  expect((await ok("search_content", { path: "shots/Shot 9.41 AM.txt", query: "narrow" })).text).toContain(":1:narrow");
});

test("a file that looks the same is read, and the answer says so", async () => {
  const path = "shots/Shot 9.41 AM.txt";
  const { blocks } = await ok("read_text_file", { path });
  expect(blocks[0]).toBe("narrow\n");
  expect(blocks[1]).toContain('read from "shots/Shot 9.41\\u{202f}AM.txt"');
  // Whether a path exists is a question about that exact path.
  expect(await error("get_file_info", { path })).toMatch(/^not_found: .*Did you mean/);
  expect((await ok("read_multiple_files", { paths: [path, `cafe/${COMPOSED}`] })).text).toMatch(/narrow\n.*split\n/s);
  expect((await ok("read_media_file", { path })).text).toContain("\\u{202f}");
});

test("a slash at the end of a file's path is refused, to read and to write", async () => {
  for (const path of [`shots/${NARROW}/`, "new/", "app/src/config.ts/."]) {
    const refused = /^invalid_input: .* names a directory, because it ends in \//;
    expect(await error("read_text_file", { path })).toMatch(refused);
    expect(await error("read_media_file", { path })).toMatch(refused);
    expect(await error("write_file", { path, content: "" })).toMatch(refused);
    expect(await error("edit_file", { path, edits: [{ oldText: "n", newText: "m" }] })).toMatch(refused);
  }
  expect(await error("get_file_info", { path: `shots/${NARROW}/` })).toMatch(/^invalid_input: .* is not a directory/);
  expect((await ok("get_file_info", { path: "shots/" })).value).toMatchObject({ type: "directory" });
  expect(folder.list()).not.toContain("new");
});

test("an escape as the answers write it is the character", async () => {
  expect((await ok("search_content", { path: "shots/Shot 9.41\\u{202f}AM.txt", query: "narrow" })).text).toContain(
    "1 matching line",
  );
});

test("with several that look the same, none is guessed", async () => {
  expect(await error("search_content", { path: "two/a\u3000b.txt", query: "x" })).toMatch(/^not_found: .*Did you mean/);
  expect((await ok("search_content", { path: "two/a b.txt", query: "blank" })).text).toContain("1 matching line");
});

describe("an operation that would change something reports the exact name, and changes nothing", () => {
  test.each([
    ["delete_file", { path: "shots/Shot 9.41 AM.txt" }, "Shot 9.41\\u{202f}AM.txt"],
    ["move_file", { source: "shots/Shot 9.41 AM.txt", destination: "shots/y" }, "Shot 9.41\\u{202f}AM.txt"],
    ["delete_file", { path: `cafe/${COMPOSED}` }, "Cafe\\u{301}.txt"],
  ])("%s %j", async (tool, args, name) => {
    const text = await error(tool, args);
    expect(text).toMatch(/^not_found: /);
    expect(text).toContain(name);
    expect(text).toContain("stands for one character");
    expect(folder.read(`shots/${NARROW}`)).toBe("narrow\n");
  });
});

test("a new name that looks like an existing one is refused", async () => {
  const twin = /^already_exists: .* would look the same as "Cafe\\u\{301\}\.txt"/;
  expect(await error("create_directory", { path: `cafe/${COMPOSED}` })).toMatch(twin);
  expect(await error("copy_file", { source: `cafe/${SPLIT}`, destination: `cafe/${COMPOSED}` })).toMatch(twin);
  expect(await error("move_file", { source: "two/a b.txt", destination: `cafe/${COMPOSED}` })).toMatch(twin);
  expect(await error("write_file", { path: `cafe/${COMPOSED}`, content: "x" })).toMatch(twin);
  // A file may be renamed to the other form of its own name.
  await ok("move_file", { source: `cafe/${SPLIT}`, destination: `cafe/${COMPOSED}` });
  expect(folder.read(`cafe/${COMPOSED}`)).toBe("split\n");
});

describe("not_found names the near path", () => {
  const near = (path: string) => error("list_directory", { path });
  test.each([
    ["src/config.ts", 'Did you mean "app/src/config.ts"?'],
    ["config.ts", 'Did you mean "app/src/config.ts"?'],
    ["project/app/src/config.ts", 'Did you mean "app/src/config.ts"?'],
    ["deep/util.ts", 'Did you mean "app/src/deep/util.ts" or "lib/src/deep/util.ts"?'],
  ])("%s", async (path, hint) => {
    expect(await near(path)).toContain(hint);
    expect(await near(`${folder.path}/${path}`)).toContain(
      hint.replaceAll('"', `"${folder.path}/`).split("/?")[0]?.slice(0, 40),
    );
  });

  test("of a file that is to be made, the directory", async () => {
    expect(await error("copy_file", { source: "two/a b.txt", destination: "deep/new.ts" })).toContain(
      'its directory does not exist. Did you mean "app/src/deep',
    );
  });

  test("a path without similar names gets no suggestion", async () => {
    expect(await near("nowhere/at-all.xyz")).toMatch(/does not exist\. Use list_directory to see what does\.$/);
  });
});
