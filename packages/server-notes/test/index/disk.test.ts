import { execFileSync } from "node:child_process";
import { rename, rm, symlink, truncate } from "node:fs/promises";
import path from "node:path";
import { openRoot, type Root } from "@org/beneath";
import { expect, onTestFinished, test } from "vitest";
import type { FileRecord } from "../../src/index/store/file-record.ts";
import { readRecord, type Seen, walkFiles } from "../../src/index/sync/disk.ts";
import { readFound } from "../../src/index/sync/found.ts";
import { LARGEST_NOTE } from "../../src/limits.ts";
import { makeFolder, writeNotes } from "./vault.ts";

const never = new AbortController().signal;

async function folderWith(files: Readonly<Record<string, string>>): Promise<{ folder: string; root: Root }> {
  const folder = await makeFolder();
  // For a file written just now, it depends on timing what is kept.
  await writeNotes(folder, files, "2025-01-01");
  const root = await openRoot(folder, { readOnly: true, followLinks: "never" });
  onTestFinished(() => root.close());
  return { folder, root };
}

async function readAll(root: Root, files: readonly Seen[]) {
  const found = new Map<string, FileRecord | undefined | "unknown">();
  await readFound(root, files, (file, read) => found.set(file, read()));
  return found;
}

test("a walk finds all listed files, and follows no link", async () => {
  const { folder, root } = await folderWith({ "a.md": "a", "b/c.md": "c", "b/d.png": "d", ".git/e.md": "e" });
  await symlink(path.join(folder, "b"), path.join(folder, "link"));
  await symlink("a.md", path.join(folder, "link.md"));
  const { files, hidden } = await walkFiles(root, "", never);
  expect([...files.keys()].sort()).toEqual(["a.md", "b/c.md", "b/d.png"]);
  expect(hidden).toEqual([]);
  const below = await walkFiles(root, "b", never);
  expect([...below.files]).toEqual([...files].filter(([file]) => file.startsWith("b/")));
  await expect(walkFiles(root, "", AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
});

test("a file that a walk found is read like any other", async () => {
  const { folder, root } = await folderWith({
    "a.md": "---\ntags: [x]\n---\n# Über 日本\n[[b]]\0",
    "deep/er/long.md": "word ".repeat(60_000),
    "empty.md": "",
    "huge.md": "",
    "picture.png": "p",
  });
  await truncate(path.join(folder, "huge.md"), LARGEST_NOTE + 1);
  const { files } = await walkFiles(root, "", never);
  const found = await readAll(root, [...files.values()]);
  expect([...found.keys()]).toEqual([...files.keys()]);
  for (const [file, record] of found) {
    expect(record).toEqual(await readRecord(root, file));
    expect(record).toMatchObject({ seen: files.get(file)?.stamp });
  }
});

test.skipIf(process.platform === "win32")(
  "an entry that replaced a file is not read, and not even opened",
  async () => {
    const { folder, root } = await folderWith({ "fifo.md": "1", "gone.md": "2", "in/a.md": "3", "link.md": "4" });
    const { files } = await walkFiles(root, "", never);
    for (const name of ["fifo.md", "gone.md", "link.md"]) await rm(path.join(folder, name));
    // Opening it would wait for a writer forever.
    execFileSync("mkfifo", [path.join(folder, "fifo.md")]);
    await rename(path.join(folder, "in"), path.join(folder, "out"));
    await symlink("out", path.join(folder, "in"));
    await symlink("out/a.md", path.join(folder, "link.md"));
    const found = await readAll(root, [...files.values()]);
    expect([...found.values()]).toEqual([undefined, undefined, undefined, undefined]);
  },
);

test("others have their turn while many files are walked and read", async () => {
  const names = Array.from({ length: 1500 }, (_, at) => [`${at}.md`, "some words and more of them ".repeat(40)]);
  const { root } = await folderWith(Object.fromEntries(names));
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const { files } = await walkFiles(root, "", never);
  const walked = turns;
  await readAll(root, [...files.values()]);
  isDone = true;
  expect(walked).toBeGreaterThan(2);
  expect(turns - walked).toBeGreaterThan(5);
});
