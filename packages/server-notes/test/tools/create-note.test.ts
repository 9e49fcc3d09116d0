import { symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { etagOf } from "../../src/etag.ts";
import { useServer } from "../call.ts";

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
  ["A/B: C?", "A-B- C-.md"],
  ['<x>|"y"*\\', "-x---y---.md"],
  ["C# [draft]", "C- -draft-.md"],
  ["...dots... ", "dots.md"],
  ["con", "con_.md"],
  ["日本語 🚀", "日本語 🚀.md"],
  ["ü".normalize("NFD"), "ü.md"],
  ["x".repeat(290), `${"x".repeat(200)}.md`],
  [".NET", "NET.md"],
])("title %j gives %j, and is kept", async (title, file) => {
  const { value } = await server.ok("create_note", { title, content: "x" });
  expect(value.path).toBe(file);
  expect(String(value.title).normalize("NFC")).toBe(title.trim().normalize("NFC"));
  expect((await server.ok("read_note", { note: title })).text).toContain(`path: ${file}`);
});

test("a note that exists is not overwritten", async () => {
  server.folder.write("There.md", "mine");
  expect(await server.error("create_note", { title: "There", content: "x" })).toMatch(
    /^already_exists: there is already "There.md"/,
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
  [{ title: "a", content: "x", tags: ["no tag"] }, /^invalid_input: "no tag" is no tag/],
])("%j is refused", async (args, message) => {
  expect(await server.error("create_note", args)).toMatch(message);
});
