import path from "node:path";
import { expect, test } from "vitest";
import { loadSqlite } from "../../src/index/store/sqlite.ts";
import { loadWriter, type Step, type Writer, writerOf } from "../../src/index/store/writer.ts";
import { makeFolder } from "./vault.ts";

const ADD = { sql: "INSERT INTO word SELECT value ->> 0 FROM json_each(?)" };
const ADD_TEXTS = { sql: "INSERT INTO word VALUES ?" };
/** Both ways of passing texts. */
const adding = (words: readonly string[]): Step[] => {
  const texts = words.map((text) => [text]);
  return [
    { ...ADD, rows: texts },
    { ...ADD_TEXTS, texts },
  ];
};
const ODD = [
  "'",
  "''; DROP TABLE word; --",
  "?",
  "\\",
  '"',
  "$1 $& $'",
  "\n\r\t\u2028",
  "日本",
  "😀",
  "\u{10FFFF}",
  "",
];

async function opened(): Promise<{ words: () => unknown[]; writers: Writer[] }> {
  const file = path.join(await makeFolder(), "test.db");
  const db = (await loadSqlite())(file);
  db.exec("PRAGMA journal_mode = WAL; CREATE TABLE word (text TEXT) STRICT");
  const writer = await (await loadWriter())?.(file);
  if (!writer) throw new Error("libsql does not run here");
  return {
    words: () =>
      db
        .prepare("SELECT text FROM word ORDER BY rowid")
        .all()
        .map((row) => Object(row).text),
    writers: [writer, writerOf(db)],
  };
}

test("any text is written unchanged, in either way; characters that SQLite cannot hold are replaced", async () => {
  const { words, writers } = await opened();
  for (const writer of writers) await writer.write(async () => adding(ODD));
  expect(words()).toEqual([...ODD, ...ODD, ...ODD, ...ODD]);
  const broken = ["a\0b", "\ud800", "\udc00 \ud83d", "\\u0000", "\\ud800"];
  const mended = ["a\uFFFDb", "\uFFFD", "\uFFFD \uFFFD", "\\u0000", "\\ud800"];
  for (const writer of writers) await writer.write(async () => adding(broken));
  expect(words().slice(4 * ODD.length)).toEqual([...mended, ...mended, ...mended, ...mended]);
});

test("a failure in the middle, or while planning, leaves nothing, and the next write works", async () => {
  const { words, writers } = await opened();
  for (const writer of writers) {
    const wrong = { sql: "INSERT INTO nothing SELECT value FROM json_each(?)", rows: [] };
    await expect(writer.write(async () => [{ ...ADD, rows: [["lost"]] }, wrong])).rejects.toThrow("nothing");
    await expect(writer.write(() => Promise.reject(new Error("no plan")))).rejects.toThrow("no plan");
    await writer.write(async () => [{ ...ADD, rows: [["kept"]] }]);
  }
  expect(words()).toEqual(["kept", "kept"]);
});

test("nobody else writes while one plans", async () => {
  const { words, writers } = await opened();
  const [one, other] = writers;
  await one?.write(async () => {
    await expect(other?.write(async () => [{ ...ADD, rows: [["other"]] }])).rejects.toThrow("locked");
    return [{ ...ADD, rows: [["one"]] }];
  });
  expect(words()).toEqual(["one"]);
});

test("one that is closed while it plans writes nothing", async () => {
  const { words, writers } = await opened();
  let closing: Promise<void> | undefined;
  const writing = writers[0]?.write(async () => {
    closing = writers[0]?.close();
    return [{ ...ADD, rows: [["late"]] }];
  });
  await expect(writing).rejects.toThrow("closed");
  await closing;
  expect(words()).toEqual([]);
});
