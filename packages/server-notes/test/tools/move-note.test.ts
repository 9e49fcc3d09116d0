import { createHash } from "node:crypto";
import { existsSync, linkSync, mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { etagOf } from "../../src/etag.ts";
import { useServer } from "../use-server.ts";

const server = useServer();
const has = (name: string) => existsSync(path.join(server.folder.path, name));

test("links in every note follow, and the note's own still lead where they led", async () => {
  server.folder.write("projects/Plan.md", "[[Other]] ![p](../pic.png) [o](../Other.md)\n");
  server.folder.write(
    "Other.md",
    "---\nid: 007\n---\r\n[[Plan]] [[projects/Plan#Goals|g]] [x](projects/Plan.md) `[[Plan]]`\r\n",
  );
  server.folder.write("pic.png", "png");
  const { value } = await server.ok("move_note", { note: "Plan", to: "archive/2026/Old plan.md" });
  expect(server.folder.read("archive/2026/Old plan.md")).toBe("[[Other]] ![p](../../pic.png) [o](../../Other.md)\n");
  expect(server.folder.read("Other.md")).toBe(
    "---\nid: 007\n---\r\n[[Old plan]] [[archive/2026/Old plan#Goals|g]] [x](archive/2026/Old%20plan.md) `[[Plan]]`\r\n",
  );
  expect(value).toEqual({
    path: "archive/2026/Old plan.md",
    title: "Old plan",
    etag: etagOf(server.folder.bytes("archive/2026/Old plan.md")),
    moved_from: "projects/Plan.md",
    rewritten: expect.arrayContaining(["Other.md", "archive/2026/Old plan.md"]),
    rewritten_total: 2,
    failed: [],
    resumed: false,
  });
  expect(has("projects/Plan.md")).toBe(false);
  expect(has(".server-notes")).toBe(false);
});

test("a folder keeps the name, and .md may be missing from the same name", async () => {
  server.folder.write("Keep.md", "x");
  expect((await server.ok("move_note", { note: "Keep", to: "kept/" })).value.path).toBe("kept/Keep.md");
  expect((await server.ok("move_note", { note: "Keep", to: "other/keep" })).value.path).toBe("other/keep.md");
  expect((await server.ok("move_note", { note: "keep", to: "./" })).value.path).toBe("keep.md");
});

test("a folder without a slash is refused with both spellings", async () => {
  server.folder.write("Unsorted.md", "x");
  server.folder.write("Attic/Old.md", "x");
  const text = await server.error("move_note", { note: "Unsorted", to: "attic" });
  expect(text).toMatch(/^invalid_input: "Attic" is a folder/);
  expect(text).toContain('"Attic/Unsorted.md" to move the note into it');
  expect(text).toContain('"attic.md" to give it that name');
  expect(has("Unsorted.md")).toBe(true);
});

test.each(["Somewhere", "Archive/2026", "deep/er/Name"])(
  "%j, where there is nothing, may be a folder or a name: it is asked which",
  async (to) => {
    server.folder.write("Undecided.md", "x");
    server.folder.write("Archive/Old.md", "x");
    const text = await server.error("move_note", { note: "Undecided", to });
    expect(text).toMatch(/^invalid_input: .* is neither a folder nor a path that ends with \.md\./);
    expect(text).toContain(`"${to}/Undecided.md"`);
    expect(text).toContain(`"${to}.md"`);
    expect(has("Undecided.md")).toBe(true);
  },
);

test("after a renaming the answer lists what still has the old name", async () => {
  server.folder.write("Old name.md", "# Old name\n");
  const { value, text } = await server.ok("move_note", { note: "Old name", to: "New name.md" });
  expect(value.hint).toMatch(/still "Old name"/);
  expect(text).toContain(String(value.hint));
  const { value: other } = await server.ok("move_note", { note: "New name.md", to: "elsewhere/New name.md" });
  expect(other).not.toHaveProperty("hint");
});

test("links in front matter follow in their quotes", async () => {
  server.folder.write("Paul Chambers.md", "x");
  const text = "---\nartist: \"[[Paul Chambers]]\"\nwith:\n  - '[[Paul Chambers|Mr. P.C.]]' # bass\n---\n";
  server.folder.write("Session.md", text);
  await server.ok("move_note", { note: "Paul Chambers", to: "people/P. Chambers.md" });
  expect(server.folder.read("Session.md")).toBe(text.replaceAll("[[Paul Chambers", "[[P. Chambers"));
});

test("of notes with one name, the links to the one that moves follow it, and no others", async () => {
  for (const folder of ["x/a", "x/b"]) {
    server.folder.write(`${folder}/Twin.md`, folder);
    server.folder.write(`${folder}/by.md`, "[[Twin]]");
  }
  server.folder.write("x/far/by.md", "[[Twin]]");
  const { value } = await server.ok("move_note", { note: "x/b/Twin.md", to: "x/c/Moved.md" });
  expect(value.rewritten).toEqual(["x/b/by.md"]);
  expect(server.folder.read("x/b/by.md")).toBe("[[Moved]]");
  expect(server.folder.read("x/a/by.md")).toBe("[[Twin]]");
  expect(server.folder.read("x/far/by.md")).toBe("[[Twin]]");
});

test("the same call again, after all is done, says so", async () => {
  server.folder.write("Twice.md", "x");
  server.folder.write("to twice.md", "[[Twice]]");
  await server.ok("move_note", { note: "Twice", to: "moved/Once.md" });
  for (const note of ["Twice", "Twice.md"]) {
    const { value } = await server.ok("move_note", { note, to: "moved/Once.md" });
    expect(value).toMatchObject({ path: "moved/Once.md", moved_from: "Twice.md", resumed: true, rewritten: [] });
  }
  expect(await server.error("move_note", { note: "Thrice", to: "moved/Once.md" })).toMatch(/^not_found: /);
  expect(await server.error("move_note", { note: "to twice", to: "to twice.md" })).toMatch(
    /is the note's current path/,
  );
});

test("nothing is overwritten", async () => {
  server.folder.write("From.md", "from");
  server.folder.write("To.md", "to");
  expect(await server.error("move_note", { note: "From", to: "To.md" })).toMatch(/^already_exists: /);
  mkdirSync(path.join(server.folder.path, "Folder.md"));
  expect(await server.error("move_note", { note: "From", to: "Folder.md" })).toMatch(/^already_exists: /);
  expect([server.folder.read("From.md"), server.folder.read("To.md")]).toEqual(["from", "to"]);
});

test("an empty destination is refused as empty", async () => {
  server.folder.write("Rest.md", "x");
  expect(await server.error("move_note", { note: "Rest", to: "" })).toMatch(/^invalid_input: to is empty\. /);
});

test.each(["../out.md", "/tmp/out.md", ".trash/x.md", "a\0.md", " ", "a/../../x.md"])(
  "%j is no place to go",
  async (to) => {
    server.folder.write("Stay.md", "x");
    expect(await server.error("move_note", { note: "Stay", to })).toMatch(/^(?:access_denied|invalid_input): /);
    expect(has("Stay.md")).toBe(true);
  },
);

/** The state after a crash between the move and the last rewritten link. */
function interrupt(from: string, to: string, notes: readonly string[]): void {
  const journal = { from, to, notes: notes.map((name) => ({ path: name, before: "", after: "" })) };
  const name = createHash("sha256").update(`${from}\0${to}`).digest("hex").slice(0, 24);
  server.folder.write(`.server-notes/move-${name}.json`, JSON.stringify(journal));
}

test("an interrupted move is finished by the same call again", async () => {
  server.folder.write("done/New.md", "moved");
  server.folder.write("l1.md", "[[New]]");
  server.folder.write("l2.md", "[[Before]]");
  server.folder.write("l3.md", "[b](Before.md)");
  interrupt("Before.md", "done/New.md", ["l1.md", "l2.md", "l3.md", "gone.md"]);
  const { value } = await server.ok("move_note", { note: "Before", to: "done/New.md" });
  expect(value).toMatchObject({
    path: "done/New.md",
    resumed: true,
    rewritten: ["l2.md", "l3.md"],
    failed: [{ path: "gone.md", reason: expect.stringContaining("does not exist") }],
  });
  expect(["l1.md", "l2.md", "l3.md"].map((name) => server.folder.read(name))).toEqual([
    "[[New]]",
    "[[New]]",
    "[b](done/New.md)",
  ]);
});

test("a move that was stopped between the new name and the old one is finished by the same call", async () => {
  server.folder.write("Both.md", "both");
  server.folder.write("to both.md", "[[Both]]");
  mkdirSync(path.join(server.folder.path, "two"));
  linkSync(path.join(server.folder.path, "Both.md"), path.join(server.folder.path, "two/Names.md"));
  interrupt("Both.md", "two/Names.md", ["to both.md"]);
  const { value } = await server.ok("move_note", { note: "Both.md", to: "two/Names.md" });
  expect(value).toMatchObject({ path: "two/Names.md", resumed: true, rewritten: ["to both.md"], failed: [] });
  expect(has("Both.md")).toBe(false);
  expect(server.folder.read("two/Names.md")).toBe("both");
  expect(server.folder.read("to both.md")).toBe("[[Names]]");
  expect(has(".server-notes")).toBe(false);
});

test("a move that had not begun is forgotten", async () => {
  server.folder.write("Unmoved.md", "x");
  server.folder.write("link.md", "[[Unmoved]]");
  interrupt("Unmoved.md", "never/There.md", ["link.md"]);
  server.folder.write("Another.md", "x");
  await server.ok("move_note", { note: "Another", to: "else/Another.md" });
  expect(server.folder.read("link.md")).toBe("[[Unmoved]]");
  expect(has(".server-notes")).toBe(false);
});

test("a journal that somebody else wrote is not believed", async () => {
  server.folder.write(".server-notes/move-0123456789abcdef01234567.json", "{ broken");
  server.folder.write("Ok.md", "x");
  expect((await server.ok("move_note", { note: "Ok", to: "fine/Ok.md" })).value.resumed).toBe(false);
});
