import { chmod, mkdir, open, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { loadSqlite } from "../../src/index/store/sqlite.ts";
import { start } from "./processes.ts";
import { found, indexOf, makeFolder, openTestIndex, writeNotes } from "./vault.ts";

const NAME = "index-v2-0.db";
const notes = Object.fromEntries(
  Array.from({ length: 150 }, (_, at) => [`n${at}.md`, `apple pear${at} ${"filler ".repeat(100)}`]),
);

/** A folder whose index was built and closed. */
async function builtIndex() {
  const { root, directory, index } = await indexOf(notes);
  expect((await index.call("search", { query: "apple", limit: 1 })).total).toBe(150);
  await index.close();
  return { root, directory, file: path.join(directory, NAME) };
}

async function expectMended(root: string, directory: string): Promise<void> {
  const { index, log } = openTestIndex(root, directory);
  expect((await index.call("search", { query: "apple", limit: 1 })).total).toBe(150);
  expect(await found(index, "pear7")).toEqual(["n7.md"]);
  await writeNotes(root, { "new.md": "plum" });
  expect(await found(index, "plum")).toEqual(["new.md"]);
  expect(log.lines.some((line) => line.startsWith("warn index"))).toBe(true);
}

const foreign = async (file: string) => {
  const sqlite = await loadSqlite();
  const db = sqlite(file);
  db.exec("CREATE TABLE somebody (else_ TEXT); INSERT INTO somebody VALUES ('x')");
  db.close();
};

test.each<[string, (file: string) => Promise<void>]>([
  ["is not a database", (file) => writeFile(file, "no database ".repeat(1000))],
  ["was cut in the middle", async (file) => truncate(file, Math.floor((await stat(file)).size / 2))],
  ["has other bytes inside", async (file) => scribble(file, 0.3)],
  ["has lost its first page", async (file) => scribble(file, 0)],
  [
    "is of another version of the tables",
    async (file) => {
      const db = (await loadSqlite())(file);
      db.exec("PRAGMA user_version = 99");
      db.close();
    },
  ],
  [
    "lacks a table",
    async (file) => {
      const db = (await loadSqlite())(file);
      db.exec("DROP TABLE tag");
      db.close();
    },
  ],
])("an index that %s is built anew", async (_what, damage) => {
  const { root, directory, file } = await builtIndex();
  await damage(file);
  await expectMended(root, directory);
});

test("another program's database in its place is left alone", async () => {
  const folder = await makeFolder();
  const [root, directory] = [path.join(folder, "notes"), path.join(folder, "cache")];
  await writeNotes(root, notes);
  await mkdir(directory);
  await foreign(path.join(directory, NAME));
  await expectMended(root, directory);
});

test("a folder in the index's place, and leftovers of its journal, do no harm", async () => {
  const folder = await makeFolder();
  const [root, directory] = [path.join(folder, "notes"), path.join(folder, "cache")];
  await writeNotes(root, notes);
  await mkdir(path.join(directory, NAME), { recursive: true });
  await writeFile(path.join(directory, "index-v2-1.db-wal"), "x".repeat(5000));
  const { index } = openTestIndex(root, directory);
  expect(await found(index, "pear7")).toEqual(["n7.md"]);
});

test("damage while the index is open is mended under the hands of who asks", async () => {
  const { root, directory, index, log } = await indexOf(notes);
  await index.ready;
  await scribble(path.join(directory, NAME), 0);
  await scribble(path.join(directory, NAME), 0.3);
  await truncate(path.join(directory, `${NAME}-wal`)).catch(() => {});
  await writeNotes(root, { "new.md": "plum" });
  expect(await found(index, "plum")).toEqual(["new.md"]);
  for (let at = 0; at < 20; at += 1) expect(await found(index, `pear${at}`)).toEqual([`n${at}.md`]);
  expect(log.lines.filter((line) => line.startsWith("error"))).toEqual([]);
});

test("where nothing can be written, the index is kept in memory, and a warning is logged", async () => {
  const folder = await makeFolder();
  const root = path.join(folder, "notes");
  await writeNotes(root, notes);
  await writeFile(path.join(folder, "file"), "");
  await expectMended(root, path.join(folder, "file", "cache"));
});

test.skipIf(process.platform === "win32")("a full disk does no harm", async () => {
  const folder = await makeFolder();
  const [root, directory] = [path.join(folder, "notes"), path.join(folder, "cache")];
  await writeNotes(root, notes);
  // A limit of 100 kB per file, ignoring the signal that would end the process.
  const limited = start("search", [root, directory, "pear7"], "trap '' XFSZ; ulimit -f 100");
  expect(JSON.parse(await limited.nextLine())).toEqual(["n7.md"]);
  expect(await limited.nextLine()).toMatch(/^warn index kept in memory/);
});

test("nobody else may read the index", async () => {
  const { directory } = await builtIndex();
  expect((await stat(directory)).mode & 0o077).toBe(0);
  for (const name of await readdir(directory)) expect((await stat(path.join(directory, name))).mode & 0o077).toBe(0);
});

test("a cache folder that others could read is closed to them", async () => {
  const folder = await makeFolder();
  const [root, directory] = [path.join(folder, "notes"), path.join(folder, "cache")];
  await writeNotes(root, { "a.md": "apple" });
  await mkdir(directory);
  await chmod(directory, 0o755);
  const { index } = openTestIndex(root, directory);
  expect(await found(index, "apple")).toEqual(["a.md"]);
  expect((await stat(directory)).mode & 0o077).toBe(0);
});

test("an index of an older version is removed, one of a newer stays", async () => {
  const { root, directory } = await builtIndex();
  await writeFile(path.join(directory, "index-v1-3.db"), "old");
  await writeFile(path.join(directory, "index-v3-0.db"), "new");
  const { index } = openTestIndex(root, directory);
  expect(await found(index, "pear7")).toEqual(["n7.md"]);
  const names = (await readdir(directory)).filter((name) => name.endsWith(".db"));
  expect(names.sort()).toEqual([NAME, "index-v3-0.db"]);
  expect(await readFile(path.join(directory, "index-v3-0.db"), "utf8")).toBe("new");
});

/** Overwrites part of a file, starting at a share of its length, on a page boundary. */
async function scribble(file: string, from: number): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, "r+");
  try {
    const start = Math.floor((size * from) / 4096) * 4096;
    await handle.write(Buffer.alloc(Math.min(size - start, 40 * 4096), 0xa5), 0, undefined, start);
  } finally {
    await handle.close();
  }
}
