import { beforeAll, describe, expect, test } from "vitest";
import type { NotesIndex } from "../../src/index/notes-index.ts";
import { corpus, ODD_PATHS } from "../corpus.ts";
import { collectCleanUps, found, indexOf, writeNotes } from "./vault.ts";

describe("in a vault as people have them", () => {
  let index: NotesIndex;
  beforeAll(async () => {
    const { cleanUp, run } = collectCleanUps();
    ({ index } = await indexOf(corpus(), cleanUp));
    return run;
  });

  const first = async (query: string, count = 1) => (await found(index, query)).slice(0, count);

  test.each([
    ["What is Zettelkasten?", "Zettelkasten.md"],
    ["zettelkasten", "Zettelkasten.md"],
    ["Who is Paul Chambers?", "Music/Paul Chambers.md"],
    ["Was ist eine Notiz über Bücher?", "Deutsch/Notiz über Bücher.md"],
    ["Où est le journal d'été ?", "Français/Journal d'été.md"],
    ["book about houses: Häuser", "Deutsch/Häuser.md"],
  ])("%j leads with the note of that name", async (query, expected) => {
    expect(await first(query)).toEqual([expected]);
  });

  test("a question finds the note that it names in the plural before one that holds its words by chance", async () => {
    expect(await first("What is a daily note?", 3)).toContain("Daily notes.md");
    expect((await found(index, "What is a daily note?")).length).toBeGreaterThan(1);
  });

  test.each([
    ["budget", "Meetings/2026-03-02 Budget.md"],
    ["diary", "Meetings/2026-03-02 Budget.md"],
    ["box", "Meetings/2026-03-02 Budget.md"],
    ["Notizen", "Deutsch/Häuser.md"],
    ["Buch", "Deutsch/Notiz über Bücher.md"],
    ["Haus", "Deutsch/Häuser.md"],
    ["cheval", "Français/Journal d'été.md"],
    ["книги", "Русский/Заметка.md"],
    ["заметки", "Русский/Заметка.md"],
  ])("%j finds singular and plural", async (query, expected) => {
    expect(await found(index, query)).toContain(expected);
  });

  test.each([
    ["كتابها", "فارسی/کتاب‌ها.md"],
    ["کتاب‌ها", "فارسی/کتاب‌ها.md"],
    ["ميخواهم", "فارسی/کتاب‌ها.md"],
    ["مکتبه", "عربي/القراءة.md"],
    ["احمد", "عربي/القراءة.md"],
    ["42", "عربي/القراءة.md"],
    ["議事録", "日本語/会議の議事録.md"],
    ["សៀវភៅថ្មី", ODD_PATHS.zeroWidthSpace],
  ])("%j is found as it is typed on another keyboard", async (query, expected) => {
    expect(await found(index, query)).toContain(expected);
  });

  test("quoted words, prefixes and exclusions are meant as they are written", async () => {
    expect(await found(index, '"diary"')).toEqual([]);
    expect(await found(index, "diary*")).toEqual([]);
    expect(await found(index, "budgets -box")).toContain("Meetings/2026-03-02 Budget.md");
    expect(await found(index, '"What is Zettelkasten"')).toEqual([
      "Zettelkasten compared with other methods of keeping notes.md",
    ]);
  });

  test("a match in the front matter shows its line", async () => {
    const { items } = await index.call("search", { query: "luhmann", limit: 1 });
    expect(items).toMatchObject([{ path: "Zettelkasten.md", snippet: 'aliases: ["Slip box", Luhmann]' }]);
  });

  test("names with invisible characters are found and listed", async () => {
    const { items } = await index.call("files", { limit: 500 });
    expect(items.map(({ path }) => path)).toEqual(expect.arrayContaining(Object.values(ODD_PATHS)));
    expect(await found(index, "hyphen")).toEqual([ODD_PATHS.softHyphen]);
    expect(await found(index, "Donaudampfschiff")).toEqual([ODD_PATHS.softHyphen]);
    expect(await found(index, "icon")).toContain(ODD_PATHS.privateUse);
  });

  test("nothing found says how many notes were looked at", async () => {
    const all = (await index.call("list", { sort: "title", limit: 1 })).total;
    expect(await index.call("search", { query: "nosuchword", limit: 5 })).toMatchObject({ total: 0, searched: all });
    expect(await index.call("search", { query: "nosuchword", folder: "Music", limit: 5 })).toMatchObject({
      searched: 3,
    });
  });
});

test("exact words come before other forms of them", async () => {
  const { index } = await indexOf({
    "a.md": "The boxes are here, boxes and boxes.\n",
    "b.md": "One box, and much else that has nothing to do with it.\n",
  });
  expect(await found(index, "box")).toEqual(["b.md", "a.md"]);
  expect(await found(index, "boxes")).toEqual(["a.md", "b.md"]);
});

test("one long note that has all the words by chance does not hide better ones", async () => {
  const filler = "Something else was written here at some length on that day. ".repeat(80);
  const { index } = await indexOf({
    "dump.md": `compost ${filler} worms ${filler} winter`,
    "compost worms.md": "How to keep worms for compost.\n",
    "other.md": "Nothing of it.\n",
  });
  const { items, withAll, total } = await index.call("search", { query: "compost worms winter", limit: 5 });
  expect([withAll, total]).toEqual([1, 2]);
  expect(items.map(({ path }) => path)).toContain("compost worms.md");
});

test("a vault of one language knows no forms of others", async () => {
  const english = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`n${at}.md`, `This is the plan of note ${at}, with the rest from that.\n`]),
  );
  const { index, root } = await indexOf(english);
  await writeNotes(root, { "plane.md": "Planes fly, and one plane lands.\n" });
  await index.refresh(["plane.md"]);
  expect(await found(index, "plan", { folder: "" })).not.toContain("plane.md");
  expect(await found(index, "plans")).toHaveLength(50);
});
