import { symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { etagOf } from "../../src/etag.ts";
import { fromVisibleName } from "../../src/note-path.ts";
import { useServer } from "../use-server.ts";

const server = useServer();

test("the file is the title, in its folder, with the tags in front", async () => {
  const { value } = await server.ok("create_note", {
    title: "Road map",
    content: "text",
    folder: "a/b",
    tags: ["#x", "y/z"],
  });
  expect(server.folder.read("a/b/Road map.md")).toBe("---\ntags:\n  - x\n  - y/z\n---\ntext\n");
  expect(value).toEqual({
    path: "a/b/Road map.md",
    title: "Road map",
    etag: etagOf(server.folder.bytes("a/b/Road map.md")),
  });
});

test("content stays as it is, its own front matter included", async () => {
  await server.ok("create_note", { title: "Own", content: "---\nid: 007\ntags: [a]\n---\nx\n", tags: ["b"] });
  expect(server.folder.read("Own.md")).toBe("---\nid: 007\ntags: [a, b]\n---\nx\n");
});

test.each([
  ["tags: [007]", "tags: [007, b]"],
  ["tags:\n  - 007 # first\nid: 1.10", "tags:\n  - 007 # first\n  - b\nid: 1.10"],
  ["tags: []", "tags: [b]"],
  ["tags: 007", 'tags:\n  - "007"\n  - b'],
  ["tags: x, z", "tags:\n  - x\n  - z\n  - b"],
  ["tags: [B]", "tags: [B]"],
])("a tag is added to %j without harm", async (before, after) => {
  await server.ok("create_note", { title: before, content: `\uFEFF---\ntitle: T\n${before}\n---\nx\n`, tags: ["b"] });
  const file = server.folder.read(
    `${before
      .replace(/[:#[\]]/g, "-")
      .replace(/\s+/g, " ")
      .trim()}.md`,
  );
  expect(file).toBe(`---\ntitle: T\n${after}\n---\nx\n`);
});

test.each([
  [{ title: "a\0b", content: "x" }, /^invalid_input: title contains a NUL/],
  [{ title: "nul", content: "x\0" }, /^invalid_input: the text contains a NUL/],
  [{ title: "half", content: "\ud83d" }, /^invalid_input: the text contains half/],
])("what could not be read again is refused: %j", async (args, message) => {
  expect(await server.error("create_note", args)).toMatch(message);
});

test("a folder of blanks is the top folder", async () => {
  const { value } = await server.ok("create_note", { title: "Blank", content: "x", folder: "  " });
  expect(value).toMatchObject({ path: "Blank.md" });
});

test("a title of two lines becomes one", async () => {
  const { value } = await server.ok("create_note", { title: "two\nlines", content: "x" });
  expect(value).toMatchObject({ path: "two lines.md", title: "two lines" });
});

test.each([
  ["A/B: C?", "A-B- C-.md"],
  ['<x>|"y"*\\', "-x---y---.md"],
  ["C# [draft]", "C- -draft-.md"],
  ["...dots... ", "dots.md"],
  ["con", "con_.md"],
  ["日本語 🚀", "日本語 🚀.md"],
  ["ü".normalize("NFD"), "ü.md"],
  ["x".repeat(290), `${"x".repeat(200)}.md`],
  [".NET", "NET.md"],
  ["क्\u200Dष", "क्\u200Dष.md"],
  ["می\u200Cخواهم", "می\u200Cخواهم.md"],
  ["👩\u200D🚀 ❤\uFE0F", "👩\u200D🚀 ❤\uFE0F.md"],
  ["👩🏽\u200D🚀", "👩🏽\u200D🚀.md"],
  ["pay\u200Cpal", "paypal.md"],
  ["a\u202Eb\u200B", "ab.md"],
])("title %j gives %j, and is kept", async (title, file) => {
  const { value } = await server.ok("create_note", { title, content: "x" });
  expect(value.path).toBe(file);
  expect(fromVisibleName(String(value.title)).normalize("NFC")).toBe(title.trim().normalize("NFC"));
  expect((await server.ok("read_note", { note: title })).text).toContain(`path: ${file}`);
});

test("a note that exists is not overwritten", async () => {
  server.folder.write("There.md", "mine");
  expect(await server.error("create_note", { title: "There", content: "x" })).toMatch(
    /^already_exists: "There.md" already exists/,
  );
  symlinkSync("/nowhere/at/all", path.join(server.folder.path, "Dangling.md"));
  expect(await server.error("create_note", { title: "Dangling", content: "x" })).toMatch(/^already_exists: /);
  expect(server.folder.read("There.md")).toBe("mine");
});

test("of many at once, one creates it", async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 10 }, (_, at) => server.ok("create_note", { title: "Race", content: `${at}` })),
  );
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test.each([
  [{ title: " ", content: "x" }, /^invalid_input: title/],
  [{ title: "???", content: "x" }, /^invalid_input: title/],
  [{ title: "a", content: "x", folder: "../out" }, /^access_denied: folder/],
  [{ title: "a", content: "x", folder: "/tmp" }, /^access_denied: folder/],
  [{ title: "a", content: "x", folder: ".obsidian" }, /^access_denied: folder/],
  [{ title: "a", content: "x", folder: "a\u0007b" }, /^invalid_input: folder/],
  [{ title: "a", content: "x", tags: ["no tag"] }, /^invalid_input: "no tag" is not a tag/],
])("%j is refused", async (args, message) => {
  expect(await server.error("create_note", args)).toMatch(message);
});
