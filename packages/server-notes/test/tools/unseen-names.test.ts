import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer();
const has = (name: string) => existsSync(path.join(server.folder.path, name));

test.each([
  ["a zero width space (Khmer)", "\u1787\u17b8\u179c\u17b7\u178f\u200b\u1781\u17d2\u1789\u17bb\u17c6"],
  ["a soft hyphen", "co\u00adop"],
  ["a joiner between Latin letters", "a\u200db"],
  ["a word joiner", "x\u2060y"],
  ["a private character", "logo \ue000"],
  ["tag characters", "flag \u{1f3f4}\u{e0067}\u{e0062}\u{e007f}"],
  ["a sign that turns the line around", "r\u202eevil"],
  ["a line break", "two\nlines"],
])("a note with %s in its name is found, changed, moved, deleted and restored", async (_, stem) => {
  server.folder.write(`${stem}.md`, "text\n");
  server.folder.write("by.md", `[[${stem.replace("\n", " ")}]]\n`);
  const { value } = await server.ok("edit_note", { note: `${stem}.md`, operation: "append", content: "more" });
  const shown = String(value.path);
  expect(shown).toMatch(/^[^\p{C}]*\\u\{[\da-f]+\}[^\p{C}]*\.md$/u);
  // The name as shown is understood as an argument.
  expect((await server.ok("read_note", { note: shown })).text).toContain("more");
  expect((await server.ok("read_note", { note: shown.replace(/\.md$/, "") })).text).toContain("more");
  if (stem.includes("\n")) return;
  const moved = await server.ok("move_note", { note: shown, to: "sub/" });
  expect(moved.value.path).toBe(`sub/${shown}`);
  expect(moved.text).not.toMatch(/[^\P{C}\n]/u);
  expect(has(`sub/${stem}.md`)).toBe(true);
  const { value: gone } = await server.ok("delete_note", { note: `sub/${shown}` });
  expect(has(`sub/${stem}.md`)).toBe(false);
  expect(gone.trashed_to).toBe(`.trash/sub/${shown}`);
  await server.ok("restore_note", { note: `sub/${shown}` });
  expect(has(`sub/${stem}.md`)).toBe(true);
  const { value: renamed } = await server.ok("move_note", { note: `sub/${shown}`, to: "plain.md" });
  expect(renamed.rewritten).toEqual(["by.md"]);
  expect(server.folder.read("by.md")).toBe("[[plain]]\n");
  server.folder.delete("plain.md");
});

test("joiners that a script is written with are shown as they are", async () => {
  const name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.md";
  server.folder.write(name, "x");
  expect((await server.ok("get_links", { note: name })).value.path).toBe(name);
});

test("a name that is written with the escape itself is its own note", async () => {
  server.folder.write("a\\u{200b}b.md", "written\n");
  server.folder.write("a\u200bb.md", "unseen\n");
  expect((await server.ok("read_note", { note: "a\\u{200b}b.md" })).text).toContain("written");
  expect((await server.ok("read_note", { note: "a\u200bb.md" })).text).toContain("unseen");
});
