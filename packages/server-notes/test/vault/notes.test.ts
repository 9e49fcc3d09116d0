import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder, silent } from "@org/server-kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeNote } from "../../src/vault/notes.ts";
import { openVault, type Vault } from "../../src/vault/vault.ts";

const folder = makeFolder();
const index = makeFolder();
const signal = new AbortController().signal;
let vault: Vault;
beforeAll(async () => {
  vault = await openVault({ dir: folder.path, templates: "templates", dailyFolder: "", indexDir: index.path }, silent);
});
afterAll(async () => {
  await vault.close();
  folder.remove();
  index.remove();
});

/** Another program, which does not know our lock. */
const elsewhere = (text: string) => writeFileSync(path.join(folder.path, "note.md"), text);

test("another program's changes while an edit is computed are kept, and the edit too", async () => {
  elsewhere("one\n");
  let tries = 0;
  const changed = await changeNote(vault, "note.md", {
    change: ({ text }) => {
      if (tries++ === 0) elsewhere("one\ntwo\n");
      return `${text}ours\n`;
    },
    signal,
  });
  expect(folder.read("note.md")).toBe("one\ntwo\nours\n");
  expect(changed).toMatchObject({ isChanged: true, before: { text: "one\ntwo\n" } });
});

test("an edit for a state that goes in that moment is refused", async () => {
  elsewhere("one\n");
  const { before } = await changeNote(vault, "note.md", { change: ({ text }) => text, signal });
  const edit = changeNote(vault, "note.md", {
    expectedEtag: before.etag,
    change: () => {
      elsewhere("theirs\n");
      return "ours\n";
    },
    signal,
  });
  await expect(edit).rejects.toMatchObject({ code: "conflict" });
  expect(folder.read("note.md")).toBe("theirs\n");
});

test("a note that changes again and again is left to the other program", async () => {
  let count = 0;
  elsewhere("0\n");
  const edit = changeNote(vault, "note.md", {
    change: () => {
      elsewhere(`${++count}\n`);
      return "ours\n";
    },
    signal,
  });
  await expect(edit).rejects.toMatchObject({ code: "unavailable", retryable: true });
  expect(folder.read("note.md")).toBe(`${count}\n`);
});

test("a note that is deleted in that moment is not made again", async () => {
  elsewhere("x\n");
  const edit = changeNote(vault, "note.md", {
    change: () => {
      folder.delete("note.md");
      return "ours\n";
    },
    signal,
  });
  await expect(edit).rejects.toMatchObject({ code: "not_found" });
  expect(existsSync(path.join(folder.path, "note.md"))).toBe(false);
});
