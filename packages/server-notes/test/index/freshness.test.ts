import { mkdir, rename, rm, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { found, indexOf, openTestIndex, writeNotes } from "./vault.ts";

test("another program's changes are found by the next search", async () => {
  const { index, root } = await indexOf({ "a.md": "apple" });
  expect(await found(index, "apple")).toEqual(["a.md"]);

  await writeNotes(root, { "b.md": "apple" });
  expect((await found(index, "apple")).sort()).toEqual(["a.md", "b.md"]);

  await writeFile(path.join(root, "a.md"), "pears");
  expect(await found(index, "apple")).toEqual(["b.md"]);
  expect(await found(index, "pears")).toEqual(["a.md"]);

  // Editors write another file and rename it over the first.
  await writeFile(path.join(root, "a.tmp"), "plums");
  await rename(path.join(root, "a.tmp"), path.join(root, "a.md"));
  expect(await found(index, "plums")).toEqual(["a.md"]);

  await unlink(path.join(root, "a.md"));
  expect(await found(index, "plums")).toEqual([]);
});

test("a change that leaves size and time as they were is found", async () => {
  const { index, root } = await indexOf({});
  await writeNotes(root, { "a.md": "apple" }, "2026-01-01");
  expect(await found(index, "apple")).toEqual(["a.md"]);
  await writeNotes(root, { "a.md": "peach" }, "2026-01-01");
  expect(await found(index, "peach")).toEqual(["a.md"]);
});

test("folders that come, go and move take their notes along", async () => {
  const { index, root } = await indexOf({ "x/deep/a.md": "apple", "y/b.md": "apple" });
  expect((await found(index, "apple")).sort()).toEqual(["x/deep/a.md", "y/b.md"]);

  await rename(path.join(root, "x"), path.join(root, "z"));
  expect((await found(index, "apple")).sort()).toEqual(["y/b.md", "z/deep/a.md"]);

  await rm(path.join(root, "y"), { recursive: true });
  expect(await found(index, "apple")).toEqual(["z/deep/a.md"]);

  await writeNotes(root, { "new/and/deeper/c.md": "apple" });
  expect((await found(index, "apple")).sort()).toEqual(["new/and/deeper/c.md", "z/deep/a.md"]);
  await writeNotes(root, { "new/and/deeper/d.md": "apple" });
  expect((await found(index, "apple")).length).toBe(3);
});

test("many changes at once are all found", async () => {
  const { index, root } = await indexOf({ "a.md": "apple" });
  await index.ready;
  await writeNotes(
    root,
    Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [`many/${at % 20}/n${at}.md`, `pear${at}`])),
  );
  expect((await index.call("search", { query: "pear*", limit: 1 })).total).toBe(1500);
});

test("a change reported by its writer is indexed when the answer arrives, and listeners are notified", async () => {
  const { index, root } = await indexOf({ "a.md": "apple" });
  await index.ready;
  const heard: string[] = [];
  const stop = index.onChange((changed) => heard.push(changed));
  await writeNotes(root, { "b.md": "pear" });
  await index.refresh(["b.md"]);
  expect(await found(index, "pear")).toEqual(["b.md"]);
  expect(heard).toContain("b.md");

  stop();
  heard.length = 0;
  await writeNotes(root, { "c.md": "pear" });
  expect((await found(index, "pear")).length).toBe(2);
  expect(heard).toEqual([]);
});

test("listeners hear of changes that another server was the first to index", async () => {
  const first = await indexOf({ "a.md": "apple" });
  await first.index.ready;
  const second = openTestIndex(first.root, first.directory);
  await second.index.ready;
  const heard = [first.index, second.index].map((index) => {
    const paths = new Set<string>();
    index.onChange((changed) => paths.add(changed));
    return paths;
  });
  await writeNotes(first.root, { "a.md": "pear" });
  for (const { index } of [first, second]) expect(await found(index, "pear")).toEqual(["a.md"]);
  for (const paths of heard) expect([...paths]).toEqual(["a.md"]);
});

test("of two servers on one folder neither brings an earlier state of a note back", async () => {
  const first = await indexOf({ "a.md": "begin" });
  const second = openTestIndex(first.root, first.directory);
  await Promise.all([first.index.ready, second.index.ready]);
  for (let at = 0; at < (process.env.HEAVY ? 3000 : 40); at += 1) {
    // Empty for a moment, as with most programs.
    await writeNotes(first.root, { "a.md": `state${at}` });
    const answers = [first.index, second.index, first.index].map((index) => found(index, `state${at}`));
    expect(await Promise.all(answers)).toEqual([["a.md"], ["a.md"], ["a.md"]]);
  }
});

test("links, folders named like notes, and hidden files are not notes, and do no harm", async () => {
  const { index, root } = await indexOf({ "a.md": "apple", ".hidden/b.md": "apple", ".c.md": "apple" });
  await mkdir(path.join(root, "folder.md"));
  await writeNotes(path.dirname(root), { "outside.md": "apple" });
  await symlink("../outside.md", path.join(root, "link.md"));
  await symlink("..", path.join(root, "up"));
  await symlink("a.md", path.join(root, "inside.md"));
  await symlink("loop.md", path.join(root, "loop.md"));
  expect(await found(index, "apple")).toEqual(["a.md"]);
  await index.refresh([
    "link.md",
    "up/outside.md",
    "../outside.md",
    "/etc/passwd",
    "",
    ".",
    "\0",
    "folder.md",
    "missing.md",
  ]);
  expect(await found(index, "apple")).toEqual(["a.md"]);
  expect((await index.call("files", { limit: 10 })).items.map((file) => file.path)).toEqual(["a.md"]);
});

test("bytes that are not text, huge lines and broken front matter are indexed as far as possible", async () => {
  const { index, root } = await indexOf({
    "broken.md": "---\ntags: [a\n  b: ][\n---\napple",
    "long.md": `${"x".repeat(900_000)} apple`,
    "empty.md": "",
  });
  await writeFile(
    path.join(root, "bytes.md"),
    Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0x80]), Buffer.from(" apple")]),
  );
  await writeFile(path.join(root, "large.md"), Buffer.alloc(17_000_000, "apple "));
  expect((await found(index, "apple")).sort()).toEqual(["broken.md", "bytes.md", "long.md"]);
  expect((await index.call("list", { sort: "title", limit: 10 })).total).toBe(4);
});

test("a note from the future, the past and the epoch keeps its date", async () => {
  const { index, root } = await indexOf({ "epoch.md": "apple", "future.md": "apple" });
  await utimes(path.join(root, "epoch.md"), 0, 0);
  await utimes(path.join(root, "future.md"), 4e9, 4e9);
  expect(await found(index, "apple")).toEqual(["future.md", "epoch.md"]);
});

test("an aborted call ends at once, others continue", async () => {
  const { index } = await indexOf({ "a.md": "apple" });
  const stopping = new AbortController();
  const search = index.call("search", { query: "apple", limit: 1 }, stopping.signal);
  stopping.abort(new Error("enough"));
  await expect(search).rejects.toThrow("enough");
  expect(await found(index, "apple")).toEqual(["a.md"]);
  await expect(index.call("search", { query: "apple", limit: 1 }, stopping.signal)).rejects.toThrow("enough");
});

test("after closing calls fail in words", async () => {
  const { index } = await indexOf({ "a.md": "apple" });
  await index.close();
  await expect(index.call("search", { query: "apple", limit: 1 })).rejects.toMatchObject({ code: "unavailable" });
  await index.refresh(["a.md"]);
  await index.close();
});
