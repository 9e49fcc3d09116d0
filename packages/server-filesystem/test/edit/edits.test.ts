import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unifiedDiff } from "../../src/edit/diff.ts";
import { fromDraft, toDraft } from "../../src/edit/draft.ts";
import { applyEdits, type Edit } from "../../src/edit/edits.ts";
import { findAll } from "../../src/edit/find.ts";

const edited = async (text: string, ...edits: readonly Edit[]) => applyEdits(text, edits).text;
const edit = (oldText: string, newText: string, replaceAll = false): Edit => ({ oldText, newText, replaceAll });
const ALL = Number.MAX_SAFE_INTEGER;

test.each([
  ["one line of many", "a\nb\nc\n", [edit("b", "B")], "a\nB\nc\n"],
  ["each on the result of those before", "a\n", [edit("a", "b"), edit("b", "c")], "c\n"],
  ["everywhere, without overlap", "aaaaa", [edit("aa", "b", true)], "bba"],
  ["signs that mean something elsewhere", "a.*b", [edit(".*", "$&$1$`\\n")], "a$&$1$`\\nb"],
  ["nothing left", "abc", [edit("abc", "")], ""],
  ["\\n means the file's own line end", "a\r\nb\r\nc\r\n", [edit("a\nb\n", "a\nx\ny\n")], "a\r\nx\r\ny\r\nc\r\n"],
  ["\\r\\n does too", "a\nb\n", [edit("a\r\nb", "a\r\nc\r\nb")], "a\nc\nb\n"],
  ["mixed line ends stay with their lines", "a\r\nb\nc\r\nd\n", [edit("a\nb\nc\nd", "a\nb\nC\nd")], "a\r\nb\nC\r\nd\n"],
  ["a new line is like the one that it is in", "a\r\nb\nc\r\n", [edit("b", "b1\nb2")], "a\r\nb1\nb2\nc\r\n"],
  ["a new line at the end is like the one before", "a\r\nb\nc", [edit("c", "c\nd")], "a\r\nb\nc\nd"],
  ["a lone carriage return is a character", "a\rb\r\n", [edit("a\rb", "c")], "c\r\n"],
  ["line ends alone, to Windows", "a\nb\n", [edit("\n", "\r\n", true)], "a\r\nb\r\n"],
  ["line ends alone, mixed to Windows", "a\r\nb\n", [edit("\n", "\r\n", true)], "a\r\nb\r\n"],
  ["line ends alone, to Unix", "a\r\nb\r\n", [edit("\r\n", "\n", true)], "a\nb\n"],
  ["the first line break of a file decides", "a", [edit("a", "a\r\nb\r\n")], "a\r\nb\r\n"],
  ["a deleted line takes its end along", "a\r\nb\nc\r\n", [edit("b\n", "")], "a\r\nc\r\n"],
])("%s", async (_, text, edits, expected) => {
  expect(await edited(text, ...edits)).toBe(expected);
});

test.each([
  ["a\nb\na\n", edit("a", "x"), /^oldText occurs 2 times, on lines 1, 3\. .* replaceAll: true\. Nothing was written/],
  ["aaa", edit("aa", "x"), /occurs 2 times, on lines 1, 1/],
  ["a\n".repeat(50), edit("a", "x"), /more than 10 times, first on lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10\./],
  ["a\n", edit("", "x"), /oldText is empty/],
  ["a\n", edit("b", "x", true), /oldText is not in the file\. Pass the file's text exactly/],
  ["😀", edit("\ud83d", "x"), /oldText contains half of a character/],
  ["a", edit("a", "\ude00"), /newText contains half of a character/],
  [
    "x\n  if (a) {\n\tb\n}\n",
    edit("if (a) {\n    b\n}", ""),
    /lines 2-4, and differs in whitespace or invisible characters\. The file has "\\tb", oldText has " {4}b"\./,
  ],
  ["x\nconst Name = 1\n", edit("const name = 1", ""), /line 2, and differs in case\. The file has "const Name = 1"/],
  ["x\nsay “hi” — now\n", edit('say "hi" - now', ""), /line 2, and differs in quotes or dashes/],
  [
    "cafe\u0301\n",
    edit("café", ""),
    /line 1, and differs in accents or the form of letters\. .* There the file has U\+0065 U\+0301, and oldText has U\+00E9\./,
  ],
  [
    "Ünï = 1\n".normalize("NFC"),
    edit("Ünï = 1".normalize("NFD"), ""),
    /There the file has U\+00DC, and oldText has U\+0055 U\+0308\./,
  ],
  ["a\u00a0b\n", edit("a b", ""), /There the file has U\+00A0, and oldText has U\+0020\./],
  ["12\u202fPM\n", edit("12 PM", ""), /There the file has U\+202F, and oldText has U\+0020\./],
  ["say \u201chi\u201d\n", edit('say "hi"', ""), /There the file has U\+201C, and oldText has U\+0022\./],
  ["a\u200bb\n", edit("ab", ""), /There the file has U\+200B, and oldText has U\+0062\./],
  [
    "a\nfunction add(left, right) {\n",
    edit("function add(left, right, more) {", ""),
    /Nearest is line 2: the file has "function/,
  ],
  ["a b", edit("  a b", ""), /line 1, and differs in the whitespace around it/],
])("%j with %j is refused", async (text, one, expected) => {
  await expect(edited(text, one)).rejects.toThrow(expected);
});

test("of several edits, the one that fails is named", async () => {
  await expect(edited("a\n", edit("a", "b"), edit("a", "c"))).rejects.toThrow(
    /^edits\[1\]\.oldText is not in the file/,
  );
});

test("a draft is the text again", () => {
  const piece = fc.constantFrom("a", "\n", "\r\n", "\r", "é");
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join("");
      expect(fromDraft(toDraft(text))).toBe(text);
    }),
  );
});

test("only the place that is named changes, whatever the line ends", async () => {
  const piece = fc.constantFrom("a", "b", "\n", "\r\n", "$&", "é😀");
  const pieces = fc.array(piece, { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(pieces, pieces, pieces, async (before, fresh, after) => {
      const [start, end] = [before.join("").replace(/\r$/, ""), after.join("")];
      const text = await edited(`${start}<${"old\r\nold"}>${end}`, edit("<old\nold>", `<${fresh.join("")}>`));
      expect(text.startsWith(`${start}<`)).toBe(true);
      expect(text.endsWith(`>${end}`)).toBe(true);
      const middle = text.slice(start.length + 1, text.length - end.length - 1);
      expect(middle.replaceAll("\r\n", "\n")).toBe(fresh.join("").replaceAll("\r\n", "\n"));
    }),
  );
});

test("every place of a pattern is found, in texts that are made to be slow", () => {
  const letters = fc.array(fc.constantFrom("a", "a", "a", "b"), { maxLength: 200 }).map((list) => list.join(""));
  fc.assert(
    fc.property(letters, letters, fc.nat(40), (text, other, times) => {
      const pattern = `a${other.slice(0, times)}`.repeat(2);
      const long = `${text}${pattern}`.repeat(3);
      const places: number[] = [];
      for (let at = long.indexOf(pattern); at !== -1; at = long.indexOf(pattern, at + 1)) places.push(at);
      expect([...findAll(long, pattern)]).toEqual(places);
    }),
  );
});

test("edits of long lines with mixed ends stay in their place", async () => {
  const length = fc.integer({ min: 240_000, max: 280_000 });
  const ends = fc.constantFrom("\n", "\r\n");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(length, ends), { minLength: 3, maxLength: 6 }), async (lines) => {
      const whole = lines.map(([size, end], at) => `<${at}${String(at).repeat(size)}${at}>${end}`).join("");
      const edits = lines.slice(1).map((_, at) => edit(`${at}>\n<${at + 1}`, `${at}!>\nnew\n<!${at + 1}`));
      const expected = lines.slice(1).reduce((text, [, end], at) => {
        const own = lines[at]?.[1] ?? end;
        return text.replace(`${at}>${own}<${at + 1}`, `${at}!>${own}new${own}<!${at + 1}`);
      }, whole);
      expect((await edited(whole, ...edits)) === expected).toBe(true);
    }),
    { numRuns: 10 },
  );
});

test("a thousand edits of a text that matches nearly everywhere end", async () => {
  const text = `${"a".repeat(300_000)}b`;
  const edits = Array.from({ length: 1000 }, (_, at) => edit(`${"a".repeat(20_000)}b${"c".repeat(at)}`, "b"));
  await expect(edited(text, ...edits)).rejects.toThrow(/^edits\[1\]\.oldText is not/);
});

/** Like `patch`, for hunks that fit exactly. */
function patched(text: string, diff: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const out: string[] = [];
  let at = 0;
  for (const hunk of diff.split(/^(?=@@ )/m).slice(1)) {
    const [, start = "0", count = "1"] = /^@@ -(\d+)(?:,(\d+))? /.exec(hunk) ?? [];
    const from = Number(start) - (count === "0" ? 0 : 1);
    out.push(...lines.slice(at, from));
    at = from;
    const body = hunk.split(/(?<=\n)/).slice(1);
    for (const [index, signed] of body.entries()) {
      if (signed.startsWith("\\")) continue;
      const line = signed.slice(1, body[index + 1]?.startsWith("\\") ? -1 : undefined);
      if (signed[0] !== "+") expect(lines[at++]).toBe(line);
      if (signed[0] !== "-") out.push(line);
    }
  }
  return [...out, ...lines.slice(at)].join("");
}

const fewLines = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "\n", "d e\r\n"), { maxLength: 40 });
const texts = fc.tuple(fewLines, fc.constantFrom("", "a", "end")).map(([lines, end]) => lines.join("") + end);

test("a diff leads from the one text to the other", () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const { text } = unifiedDiff(before, after, "x", ALL);
      expect(patched(before, text)).toBe(after);
    }),
    { numRuns: 500 },
  );
});

test("patch takes the diffs", ({ skip }) => {
  const folder = mkdtempSync(path.join(tmpdir(), "patch-"));
  const file = path.join(folder, "file");
  try {
    execFileSync("patch", ["--version"]);
  } catch {
    skip("no patch here");
  }
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      if (before === after || after === "" || before === "") return;
      writeFileSync(file, before);
      const { text } = unifiedDiff(before, after, "file", ALL);
      execFileSync("patch", ["--binary", "-s", file], { input: text });
      expect(readFileSync(file, "utf8")).toBe(after);
    }),
    { numRuns: 60 },
  );
  rmSync(folder, { recursive: true });
});

test("a diff is small where the change is, even in a long text of repeated lines", () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `${at % 7}\n`);
  const changed = lines.flatMap((line, at) => (at % 2000 === 1000 ? ["new\n"] : at % 3000 === 0 ? [] : [line]));
  const diff = unifiedDiff(lines.join(""), changed.join(""), "x", ALL);
  expect(patched(lines.join(""), diff.text)).toBe(changed.join(""));
  expect(diff.removed).toBeLessThan(40);
});

test("a diff that does not fit ends after a whole hunk, and says how many there are", () => {
  const before = Array.from({ length: 1000 }, (_, at) => `line ${at}\n`).join("");
  const after = before.replace(/^(line \d*5)$/gm, "$1!");
  const diff = unifiedDiff(before, after, "x", 1000);
  expect(diff.text.length).toBeLessThanOrEqual(1000);
  expect(diff).toMatchObject({ hunks: 100, added: 100, removed: 100 });
  expect(diff.text.match(/^@@ /gm)?.length).toBe(diff.shown);
  expect(diff.text.endsWith("\n")).toBe(true);
});

test("the name of a file cannot be mistaken for diff syntax", () => {
  expect(unifiedDiff("a", "b", "x\n+++ y", ALL).text).toMatch(/^--- "x\\n\+\+\+ y"\n\+\+\+ "x/);
});

test("a diff of repeated lines is small, even where the changes are far apart", () => {
  const lines = Array.from({ length: 50_000 }, (_, at) => `${at % 11}\n`);
  const changed = lines.flatMap((line, at) => (at % 100 === 50 ? [line, "3\n"] : at % 777 === 0 ? [] : [line]));
  const diff = unifiedDiff(lines.join(""), changed.join(""), "x", ALL);
  expect(patched(lines.join(""), diff.text)).toBe(changed.join(""));
  expect(diff.added + diff.removed).toBeLessThan(700);
});

test("lines in another order are compared in time that grows with the lines", () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => `line ${at}\n`);
  const other = lines.toSorted((a, b) => (a < b ? -1 : 1));
  const diff = unifiedDiff(lines.join(""), other.join(""), "x", ALL);
  expect(patched(lines.join(""), diff.text)).toBe(other.join(""));
});

test("of a long line, a diff shows the change and a little around it", () => {
  const line = (middle: string) => `${"a😀b".repeat(25_000)}${middle}${"c😀d".repeat(25_000)}\n`;
  const diff = unifiedDiff(`first\n${line("old")}`, `first\n${line("new value")}`, "x", ALL);
  expect(diff).toMatchObject({ hunks: 1, shown: 1, added: 1, removed: 1, hasCutLines: true });
  expect(diff.text.length).toBeLessThan(2000);
  expect(diff.text).toMatch(/^-….*a😀bold.*…$/m);
  expect(diff.text).toMatch(/^\+….*a😀bnew valuec.*…$/m);
  expect(diff.text).not.toMatch(/\p{Surrogate}/u);
  const ends = unifiedDiff(`${"x".repeat(5000)}`, `${"x".repeat(5000)}y`, "x", ALL);
  expect(ends.text).toMatch(/^-…x{200}\n\\ No newline at end of file\n\+…x{200}y\n\\ No newline/m);
});
