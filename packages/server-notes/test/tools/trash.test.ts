import { existsSync, linkSync, mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer({ "a/Note.md": "---\ntitle: The note\n---\nfirst\n" });
const has = (name: string) => existsSync(path.join(server.folder.path, name));

test("a deleted note is in the trash, and comes back by its path", async () => {
  const { value } = await server.ok("delete_note", { note: "The note" });
  expect(value).toMatchObject({ path: "a/Note.md", trashed_to: ".trash/a/Note.md" });
  expect(has("a/Note.md")).toBe(false);
  expect(await server.error("read_note", { note: "a/Note.md" })).toMatch(/^not_found: /);
  expect((await server.ok("restore_note", { note: "a/Note.md" })).value.path).toBe("a/Note.md");
  expect(server.folder.read("a/Note.md")).toBe("---\ntitle: The note\n---\nfirst\n");
});

test.each(["The note", "the note", "Note", "a/Note", ".trash/a/Note.md"])("%j names the deleted note", async (note) => {
  await server.ok("delete_note", { note: "a/Note.md" });
  expect((await server.ok("restore_note", { note })).value).toMatchObject({ path: "a/Note.md", title: "The note" });
});

test("deleted twice, the latest comes back first", async () => {
  server.folder.write("Twice.md", "one");
  await server.ok("delete_note", { note: "Twice" });
  server.folder.write("Twice.md", "two");
  expect((await server.ok("delete_note", { note: "Twice" })).value.trashed_to).toBe(".trash/Twice.~2.md");
  await server.ok("restore_note", { note: "Twice.md" });
  expect(server.folder.read("Twice.md")).toBe("two");
  expect(await server.error("restore_note", { note: "Twice.md" })).toMatch(/^already_exists: /);
  expect(server.folder.read(".trash/Twice.md")).toBe("one");
});

test("a name that looks like a second one comes back as itself", async () => {
  server.folder.write("Odd.~2.md", "odd");
  await server.ok("delete_note", { note: "Odd.~2.md" });
  expect((await server.ok("restore_note", { note: "Odd.~2.md" })).value.path).toBe("Odd.~2.md");
});

test("an ambiguous title lists the paths, an unknown one is not found", async () => {
  server.folder.write("x/Same.md", "x");
  server.folder.write("y/Same.md", "y");
  await server.ok("delete_note", { note: "x/Same.md" });
  await server.ok("delete_note", { note: "y/Same.md" });
  expect(await server.error("restore_note", { note: "Same" })).toMatch(
    /^invalid_input: 2 deleted notes.*"x\/Same.md", "y\/Same.md"|"y\/Same.md", "x\/Same.md"/,
  );
  expect(await server.error("restore_note", { note: "Never was" })).toMatch(/^not_found: /);
  expect(await server.error("restore_note", { note: "../../x" })).toMatch(/^access_denied: /);
});

/** The state after a crash between adding a file's new name and removing the old one. */
function halfMove(from: string, to: string): void {
  const [old, fresh] = [from, to].map((name) => path.join(server.folder.path, name));
  if (old === undefined || fresh === undefined) return;
  mkdirSync(path.dirname(fresh), { recursive: true });
  linkSync(old, fresh);
}

test("the latest comes back, even when others have removed older ones", async () => {
  for (const text of ["one", "two"]) {
    server.folder.write("Thrice.md", text);
    await server.ok("delete_note", { note: "Thrice" });
  }
  server.folder.delete(".trash/Thrice.md");
  server.folder.write("Thrice.md", "three");
  expect((await server.ok("delete_note", { note: "Thrice" })).value.trashed_to).toBe(".trash/Thrice.~3.md");
  await server.ok("restore_note", { note: "Thrice" });
  expect(server.folder.read("Thrice.md")).toBe("three");
});

test("a deletion that a crash stopped in the middle is finished by the same call", async () => {
  server.folder.write("b/Half.md", "half");
  halfMove("b/Half.md", ".trash/b/Half.md");
  const { value } = await server.ok("delete_note", { note: "b/Half.md" });
  expect(value.trashed_to).toBe(".trash/b/Half.md");
  expect([has("b/Half.md"), has(".trash/b/Half.~2.md")]).toEqual([false, false]);
  expect(server.folder.read(".trash/b/Half.md")).toBe("half");
});

test("so is a restoration", async () => {
  server.folder.write(".trash/c/Half.md", "half");
  halfMove(".trash/c/Half.md", "c/Half.md");
  expect((await server.ok("restore_note", { note: "c/Half.md" })).value.path).toBe("c/Half.md");
  expect(server.folder.read("c/Half.md")).toBe("half");
  expect(has(".trash/c/Half.md")).toBe(false);
});
