import { chmodSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { etagOf } from "../../src/etag.ts";
import { useServer } from "../use-server.ts";

const server = useServer();
const fresh = (text: string, name = "note.md") => {
  server.folder.write(name, text);
  return etagOf(server.folder.bytes(name));
};
const edit = (args: Record<string, unknown>) => server.ok("edit_note", { note: "note.md", ...args });
const refused = (args: Record<string, unknown>) => server.error("edit_note", { note: "note.md", ...args });

test("each operation makes its own kind of change", async () => {
  fresh("---\nid: 007 # x\n---\n# A\n\none\n\n## B\n\ntwo\n");
  await edit({ operation: "append", content: "end" });
  await edit({ operation: "prepend", content: "start" });
  await edit({ operation: "insert_after_heading", section: "B", content: "inserted" });
  await edit({ operation: "replace_text", old_text: "one", new_text: "uno" });
  await edit({ operation: "set_frontmatter", frontmatter: { tags: ["a"] } });
  expect(server.folder.read("note.md")).toBe(
    "---\nid: 007 # x\ntags:\n  - a\n---\nstart\n\n# A\n\nuno\n\n## B\n\ninserted\n\ntwo\n\nend\n",
  );
  const { value } = await edit({ operation: "replace_section", section: "B", content: "three" });
  expect(server.folder.read("note.md")).toContain("## B\n\nthree\n");
  expect(value).toEqual({
    path: "note.md",
    title: "note",
    etag: etagOf(server.folder.bytes("note.md")),
    changed: true,
    diff: "@@ -13,6 +13,2 @@\n \n-inserted\n-\n-two\n-\n-end\n+three",
  });
});

test("the diff is short, and an edit that changes nothing says why there is none", async () => {
  fresh("a\n".repeat(500));
  const { value, text } = await edit({ operation: "replace_text", old_text: "a", new_text: "b", replace_all: true });
  expect(String(value.diff).split("\n")).toHaveLength(41);
  expect(text).toMatch(/\(\d+ more lines\)$/);
  fresh(`${"x".repeat(100_000)}\nold\n`);
  expect((await edit({ operation: "append", content: "y".repeat(100_000) })).text.length).toBeLessThan(2000);
  fresh("a\nb\nc\n");
  expect((await edit({ operation: "replace_text", old_text: "b", new_text: "B" })).value.diff).toBe(
    "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c",
  );
  const same = await edit({ operation: "replace_text", old_text: "B", new_text: "B" });
  expect(same.value).toMatchObject({ changed: false, diff: "" });
  expect(same.text).toMatch(/^Unchanged .*: after this replace_text the note would read as it does now$/);
});

test("a stale etag is a conflict that does not hand out the current one, and nothing is written", async () => {
  const before = fresh("a\n");
  const now = fresh("changed by somebody\n");
  const text = await refused({ operation: "append", content: "x", expected_etag: before });
  expect(text).toMatch(/^conflict: /);
  expect(text).not.toContain(now);
  expect(text).toContain("Read the note again");
  expect(server.folder.read("note.md")).toBe("changed by somebody\n");
  await edit({ operation: "append", content: "x", expected_etag: now });
  expect(server.folder.read("note.md")).toBe("changed by somebody\n\nx\n");
});

test("empty texts that an operation does not use count as omitted", async () => {
  fresh("a\n");
  await edit({ operation: "append", content: "x", section: "", old_text: "", new_text: "" });
  await edit({ operation: "replace_text", content: "", section: "", old_text: "a", new_text: "" });
  expect(server.folder.read("note.md")).toBe("\n\nx\n");
});

test("byte order mark, line ends and mode stay", async () => {
  fresh("\uFEFF---\r\nv: 1.10\r\n---\r\ntext\r\n");
  chmodSync(path.join(server.folder.path, "note.md"), 0o640);
  await edit({ operation: "append", content: "a\nb" });
  await edit({ operation: "set_frontmatter", frontmatter: { count: 1 } });
  expect(server.folder.read("note.md")).toBe("\uFEFF---\r\nv: 1.10\r\ncount: 1\r\n---\r\ntext\r\n\r\na\r\nb\r\n");
  expect(statSync(path.join(server.folder.path, "note.md")).mode & 0o777).toBe(0o640);
});

test.each([
  [{ operation: "append" }, /append needs content\. It takes content, section/],
  [{ operation: "append", content: "x", old_text: "y", new_text: "" }, /append does not use old_text/],
  [{ operation: "replace_text", old_text: "a" }, /replace_text needs new_text/],
  [{ operation: "replace_text", old_text: "a", new_text: "b", content: "c" }, /does not use content/],
  [{ operation: "set_frontmatter", content: "x" }, /needs frontmatter and does not use content/],
  [{ operation: "insert_after_heading", content: "x" }, /needs section/],
  [{ operation: "replace_section", section: "A", content: "x", replace_all: true }, /does not use replace_all/],
  [{ operation: "append", content: " \n" }, /content is empty/],
  [{ operation: "replace_text", old_text: "", new_text: "b" }, /needs old_text/],
])("%j is refused", async (args, message) => {
  fresh("a\n");
  const text = await refused(args);
  expect(text).toMatch(/^invalid_input: /);
  expect(text).toMatch(message);
  expect(server.folder.read("note.md")).toBe("a\n");
});

test("replace_text that matches often or never changes nothing", async () => {
  fresh("a a\n");
  expect(await refused({ operation: "replace_text", old_text: "a", new_text: "b" })).toMatch(
    /^invalid_input: old_text occurs 2 times/,
  );
  expect(await refused({ operation: "replace_text", old_text: "z", new_text: "b" })).toMatch(
    /^not_found: old_text does not occur/,
  );
  await edit({ operation: "replace_text", old_text: "a", new_text: "b", replace_all: true });
  expect(server.folder.read("note.md")).toBe("b b\n");
});

test("an edit that changes nothing says so", async () => {
  const etag = fresh("a\n");
  const { value } = await edit({ operation: "replace_text", old_text: "a", new_text: "a" });
  expect(value).toMatchObject({ changed: false, etag });
});

test("edits at the same time are all kept", async () => {
  fresh("");
  await Promise.all(Array.from({ length: 20 }, (_, at) => edit({ operation: "append", content: `- entry ${at}` })));
  const lines = server.folder.read("note.md").trim().split("\n");
  expect(lines.sort()).toEqual(Array.from({ length: 20 }, (_, at) => `- entry ${at}`).sort());
});
