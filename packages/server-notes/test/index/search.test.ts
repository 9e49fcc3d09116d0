import { ToolError } from "@org/server-kit";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { NotesIndex } from "../../src/index/notes-index.ts";
import { cursorAfter } from "../../src/index/query/paging.ts";
import { collectCleanUps, found, indexOf, writeNotes } from "./vault.ts";

const note = (title: string, body: string) => `# ${title}\n\n${body}\n`;

async function refusal(work: Promise<unknown>): Promise<ToolError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ToolError)) throw new Error(`expected a ToolError, got ${String(error)}`);
  return error;
}

describe("words", () => {
  test("case, accents and spelling make no difference, in the note and in the query", async () => {
    const { index } = await indexOf({
      "a.md": note("Überraschung im Café", "Straße nach Łódź"),
      "b.md": note("Cafe\u0301 des Amis", "ΟΔΟΣ, Ёлка"),
    });
    expect(await found(index, "uberraschung")).toEqual(["a.md"]);
    expect(await found(index, "CAFÉ")).toEqual(expect.arrayContaining(["a.md", "b.md"]));
    expect(await found(index, "strasse lodz")).toEqual(["a.md"]);
    expect(await found(index, "οδος елка")).toEqual(["b.md"]);
  });

  test("Chinese, Japanese and Korean words are found inside runs, single characters too", async () => {
    const { index } = await indexOf({
      "zh.md": note("会议", "今天的项目会议讨论了设计方案。"),
      "ja.md": note("日記", "東京都へ行った。ﾊﾞｽで帰る。"),
      "ko.md": note("회의록", "내일회의에서발표합니다"),
      "other.md": note("Other", "方 案 京 東 nothing"),
    });
    expect(await found(index, "设计方案")).toEqual(["zh.md"]);
    expect(await found(index, "设计")).toEqual(["zh.md"]);
    expect(await found(index, "案")).toEqual(expect.arrayContaining(["zh.md", "other.md"]));
    expect(await found(index, "東京")).toEqual(["ja.md"]);
    expect(await found(index, "都")).toEqual(["ja.md"]);
    expect(await found(index, "バス")).toEqual(["ja.md"]);
    expect(await found(index, "회의에서")).toEqual(["ko.md"]);
    expect(await found(index, "발표")).toEqual(["ko.md"]);
    // The pairs occur, but not consecutively.
    expect(await found(index, '"方案京東"')).toEqual([]);
  });

  test("phrases, prefixes and exclusions", async () => {
    const { index } = await indexOf({
      "one.md": note("Roadmap", "The next year brings a road trip."),
      "two.md": note("Plan", "Next to the house, every year. Roadblocks."),
      "three.md": note("Other", "draft of the roadmap"),
    });
    expect(await found(index, '"next year"')).toEqual(["one.md"]);
    expect(await found(index, "next year")).toEqual(expect.arrayContaining(["one.md", "two.md"]));
    expect((await found(index, "road*")).sort()).toEqual(["one.md", "three.md", "two.md"]);
    expect(await found(index, "road")).toEqual(["one.md"]);
    expect(await found(index, "roadmap -draft")).toEqual(["one.md"]);
    expect(await found(index, '-"next year" road*')).toEqual(expect.arrayContaining(["two.md", "three.md"]));
    expect((await found(index, "-draft")).sort()).toEqual(["one.md", "two.md"]);
    expect(await found(index, '"next ye"*')).toEqual(["one.md"]);
  });

  test("when no note has all words, those with some are found, and it is said", async () => {
    const { index } = await indexOf({
      "a.md": note("Budget", "numbers"),
      "b.md": note("Plan", "budget and travel"),
      "c.md": note("Garden", "trees"),
    });
    const page = await index.call("search", { query: "budget travel zeppelin", limit: 10 });
    expect([page.withAll, page.total]).toEqual([0, 2]);
    expect(page.items.map(({ path }) => path)).toEqual(["b.md", "a.md"]);
    expect(await index.call("search", { query: "budget travel", limit: 10 })).toMatchObject({ withAll: 1, total: 1 });
  });
});

describe("ranking", () => {
  test("a word in the title counts more than in a heading or tag, and there more than in the text", async () => {
    const filler = "Something else entirely, at some length, so that notes are alike. ".repeat(5);
    const { index } = await indexOf({
      "text.md": note("First", `${filler} compost`),
      "heading.md": note("Second", `${filler}\n\n## Compost\n`),
      "compost.md": note("Compost", filler),
      ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`other-${at}.md`, note(`Other ${at}`, filler)])),
    });
    expect(await found(index, "compost")).toEqual(["compost.md", "heading.md", "text.md"]);
  });

  test("of equally relevant notes the one changed last comes first", async () => {
    const { index, root } = await indexOf({});
    await writeNotes(root, { "b.md": note("Note", "apple") }, "2025-03-01");
    await writeNotes(root, { "a.md": note("Note", "apple") }, "2024-03-01");
    await writeNotes(root, { "c.md": note("Note", "apple") }, "2026-03-01");
    expect(await found(index, "apple")).toEqual(["c.md", "b.md", "a.md"]);
  });
});

describe("filters", () => {
  let index: NotesIndex;
  beforeAll(async () => {
    const { cleanUp, run } = collectCleanUps();
    const opened = await indexOf({}, cleanUp);
    index = opened.index;
    await writeNotes(
      opened.root,
      { "plans/a.md": "apple #work/meeting", "plans/b.md": "apple #Käse #work" },
      "2026-01-10",
    );
    await writeNotes(
      opened.root,
      { "plansheet/c.md": "apple #workshop", "d.md": "---\ntags: [kase]\n---\napple" },
      "2026-01-20",
    );
    return run;
  });

  test.each<[object, string[]]>([
    [{ folder: "plans" }, ["plans/a.md", "plans/b.md"]],
    [{ folder: "/plans/" }, ["plans/a.md", "plans/b.md"]],
    [{ tags: ["work"] }, ["plans/a.md", "plans/b.md"]],
    [{ tags: ["#WORK/meeting"] }, ["plans/a.md"]],
    [{ tags: ["work", "käse"] }, ["plans/b.md"]],
    [{ tags: ["kase"] }, ["d.md", "plans/b.md"]],
    [{ after: "2026-01-20" }, ["d.md", "plansheet/c.md"]],
    [{ before: "2026-01-20" }, ["plans/a.md", "plans/b.md"]],
    [{ after: "2026-01-10", before: "2026-01-11", folder: "plans", tags: ["kase"] }, ["plans/b.md"]],
    [{ tags: ["nobody's"] }, []],
  ])("%j", async (filters, expected) => {
    expect((await found(index, "apple", filters)).sort()).toEqual(expected);
  });

  test.each(["2026-02-30", "yesterday", "2026-1-1", ""])("%j is not a date", async (after) => {
    const error = await refusal(index.call("search", { query: "apple", limit: 5, after }));
    expect(error.code).toBe("invalid_input");
    expect(error.message).toContain("after");
  });
});

describe("snippets", () => {
  const filler = (words: number) => Array.from({ length: words }, (_, at) => `word${at}`).join(" ");

  test("hold the words in their middle, on one line", async () => {
    const { index } = await indexOf({ "a.md": `${filler(200)}\n\nthe Größe of\tthe garden\n\n${filler(200)}` });
    const [match] = (await index.call("search", { query: "grosse garden", limit: 1 })).items;
    expect(match?.snippet).toMatch(/^… .{60,140}the Größe of the garden.{60,140} …$/);
  });

  test("show the place with most of the words", async () => {
    const { index } = await indexOf({ "a.md": `apple ${filler(100)} apple pear ${filler(100)} pear` });
    const [match] = (await index.call("search", { query: "pear apple", limit: 1 })).items;
    expect(match?.snippet).toContain("apple pear");
  });

  test("of a note found by its title show its beginning", async () => {
    const { index } = await indexOf({ "zeppelin.md": `---\ntags: [airship]\n---\nThe beginning. ${filler(200)}` });
    const [match] = (await index.call("search", { query: "zeppelin", limit: 1 })).items;
    expect(match?.snippet).toMatch(/^The beginning\. .* …$/);
  });

  test("for text without spaces are no longer than for other text", async () => {
    const { index } = await indexOf({ "a.md": `${"很".repeat(500)}山水${"好".repeat(500)}` });
    const [match] = (await index.call("search", { query: "山水", limit: 1 })).items;
    expect(match?.snippet).toMatch(/很{60,}山水好{60,}/);
    expect(match?.snippet.length).toBeLessThan(260);
  });
});

describe("odd queries", () => {
  let index: NotesIndex;
  beforeAll(async () => {
    const { cleanUp, run } = collectCleanUps();
    ({ index } = await indexOf({ "a.md": note("Road", 'AND the NEAR road, a quote " and * and 東京') }, cleanUp));
    return run;
  });

  test.each(["", "  \n\t", '"', '""', "-", "--", '-"', "(", "???", "[[", "- [ ]", "#", "…", "\u200b"])(
    "%j has no word, which is refused with what to do",
    async (query) => {
      expect(await refusal(index.call("search", { query, limit: 5 }))).toMatchObject({
        code: "invalid_input",
        message: expect.stringMatching(/^query .*Pass words.*, or \* for all notes\.$/),
      });
    },
  );

  test.each(["*", " * ", "* -zebra", "***"])("%j finds all notes", async (query) => {
    expect(await found(index, query)).toEqual(["a.md"]);
  });

  test("a megabyte is refused in few words", async () => {
    const error = await refusal(index.call("search", { query: "word ".repeat(200_000), limit: 5 }));
    expect(error).toMatchObject({ code: "invalid_input", message: expect.stringContaining("1000") });
    expect(error.message.length).toBeLessThan(300);
  });

  test.each(['"road', 'road"', "NEAR(a b)", "title:road", "a^2", "{a}"])("%j has an answer", async (query) => {
    expect((await index.call("search", { query, limit: 5 })).complete).toBe(true);
  });

  test.each(['"road', "road\0", "(road)", "road OR", "+road", "#road", "road*", '"road"*'])(
    "%j finds the road",
    async (query) => {
      expect(await found(index, query)).toEqual(["a.md"]);
    },
  );

  test("as many terms as fit are looked for", async () => {
    const query = Array.from({ length: 250 }, (_, at) => at.toString(36)).join(" ");
    expect(await found(index, `${query} road`)).toEqual(["a.md"]);
    const excluded = Array.from({ length: 160 }, (_, at) => `-x${at.toString(36)}*`).join(" ");
    expect(await found(index, `road ${excluded}`)).toEqual(["a.md"]);
  });

  test("any text with a word is answered, any other refused", async () => {
    const typed = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...'"*-+()^:{}[]~. AND OR NOT NEAR 東京á\0\ud800'.split("")), maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (query) => {
        const hasWord = /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(query);
        const answer = await index.call("search", { query, limit: 3 }).catch((error: unknown) => error);
        if (answer instanceof ToolError) expect([answer.code, hasWord]).toEqual(["invalid_input", false]);
        else expect(answer).toMatchObject({ total: expect.any(Number), complete: true });
      }),
      { numRuns: 500 },
    );
  });
});

describe("pages", () => {
  const apples = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}.md`, note(`Note ${at}`, "apple")]));

  async function readAll(index: NotesIndex, limit: number, between: (page: number) => Promise<void> = async () => {}) {
    const paths: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
      const part = await index.call("search", { query: "apple", limit, cursor });
      paths.push(...part.items.map(({ path }) => path));
      cursor = cursorAfter(part);
      if (cursor !== undefined) await between(page);
    }
    return paths;
  }

  test("give every note once", async () => {
    const { index } = await indexOf(apples(25));
    const paths = await readAll(index, 10);
    expect(new Set(paths).size).toBe(25);
    expect(paths).toEqual(await found(index, "apple"));
  });

  test("continue after the last note when others come and go", async () => {
    const { index, root } = await indexOf(apples(30));
    const before = await found(index, "apple");
    const paths = await readAll(index, 10, async (page) => {
      // New ones are the newest, so they come first and shift the others.
      await writeNotes(root, { [`new${page}.md`]: note("New", "apple") });
      await index.refresh([`new${page}.md`]);
    });
    expect(paths).toEqual(before);
  });

  test("a cursor from another query, or an invalid one, is refused", async () => {
    const { index } = await indexOf(apples(3));
    const cursor = cursorAfter(await index.call("search", { query: "apple", limit: 1 }));
    for (const wrong of [cursor, "x", "", "W10", Buffer.from('["a",-1,"b"]').toString("base64url")]) {
      const error = await refusal(index.call("search", { query: "note", limit: 1, cursor: wrong ?? "missing" }));
      expect(error).toMatchObject({ code: "invalid_input", message: expect.stringContaining("cursor") });
    }
  });
});
