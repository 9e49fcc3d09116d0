import fc from "fast-check";
import { expect, test } from "vitest";
import { PatternError } from "../../src/glob/pattern-error.ts";
import { createLineFinder } from "../../src/search/in-file/line-finder.ts";
import { createMatcher, type Query } from "../../src/search/in-file/matcher.ts";

const regex = (query: string, caseSensitive = true): Query => ({ query, regex: true, caseSensitive });
const literal = (query: string, caseSensitive = true): Query => ({ query, regex: false, caseSensitive });

/** Numbers of the matching lines of a file that arrives in these pieces. */
function found(query: Query, ...pieces: readonly string[]): number[] {
  const finder = createLineFinder(createMatcher(query), { wanted: "lines", context: 0, from: 1, limit: 1000 });
  for (const piece of pieces) finder.feed(piece);
  return finder.lines.map(({ number }) => number);
}

test("text is found once for each line", () => {
  expect(found(literal("a"), "aaa\nb\nxa\n")).toEqual([1, 3]);
  expect(found(literal("a"), "b\n", "a\n", "b\na")).toEqual([2, 4]);
  expect(found(literal("a.c"), "abc\na.c\n")).toEqual([2]);
});

test("case is folded in every script", () => {
  expect(found(literal("straße ÄΣ-[x]", false), "STRAßE äσ-[X]\nstrasse\n")).toEqual([1]);
  expect(found(literal("k", false), "\u212a\nK\nx\n")).toEqual([1, 2]);
});

test("no match goes over the end of a line", () => {
  expect(found(regex("a\\s*b"), "a\nb\na b\n")).toEqual([3]);
  expect(found(regex("a[^x]*b"), "a\nb\nab\n")).toEqual([3]);
  expect(found(regex("a[\\s\\S]b"), "a\nb\na b\n")).toEqual([3]);
  expect(found(regex("a\\Wb"), "a\nb\na-b\n")).toEqual([3]);
  expect(found(regex("foo(?!\\s)"), "foo\nfoo \n")).toEqual([1]);
  expect(found(regex("foo(?=\\s)"), "foo\nfoo \n")).toEqual([2]);
  expect(found(regex("(?<=[^a])x"), "\nx\nbx\n")).toEqual([3]);
  expect(found(regex("^b$"), "a\r\nb\r\nbb\n")).toEqual([2]);
});

test.each<[text: string, source: string, lines: number[]]>([
  ["x\r\n\r\ny\r\n", "^$", [2]],
  ["# c\r\ncode\r\n", "^(?!#)", [2]],
  ["foo \r\nbar\r\n", "\\s+$", [1]],
  ["foo\r\nbar\r\n", "\\s", []],
  ["plain\r\nnaïve\r\n", "[^\\x20-\\x7e]", [2]],
  ["plain\r\n", "\\W", []],
  ["plain\r\n", "n.", []],
  ["plain\r\nb\r\n", "n\\r?$", [1]],
  ["a\rb\nc\n", "^b", []],
  ["a\rb\nc\n", "a$", []],
  ["a\u2028b\nc\n", "^b|a$", []],
  ["a\u2029b\nc\n", "^a.b$", [1]],
  ["a\rb\nc\n", "^a.b$", [1]],
  ["a\r\r\nb\n", "^a.$", [1]],
  ["\r\n\r\n", "^$", [1, 2]],
  ["last", "t$", [1]],
])("in %j, %s is on lines %j", (text, source, lines) => {
  expect(found(regex(source), text)).toEqual(lines);
  expect(found(regex(source, false), text)).toEqual(lines);
});

test("é is one character, however it is written on either side", () => {
  const [composed, split] = ["Caf\u00e9", "Cafe\u0301"];
  for (const query of [composed, split]) {
    expect(found(literal(query), `${composed}\n${split}\nCafe\n`)).toEqual([1, 2]);
    expect(found(literal(query, false), `${composed}\n${split}\nCafe\n`)).toEqual([1, 2]);
    expect(found(regex(`${query}$`), `${composed}\n${split}\nCafe\n`)).toEqual([1, 2]);
  }
  expect(found(regex("^Caf.$"), `${composed}\n${split}\n`)).toEqual([1, 2]);
  const finder = createLineFinder(createMatcher(literal(composed)), { wanted: "lines", context: 1, from: 1, limit: 9 });
  finder.feed(`e\u0301\n${split}\no\u0308\n`);
  expect(finder.lines.map(({ text }) => text)).toEqual(["e\u0301", split, "o\u0308"]);
});

test.each([
  ["(?i)foo", "case_sensitive: false"],
  ["(?P<a>x)", "(?<name>"],
  ["a++", "Possessive"],
  ["(?>a)", "(?:"],
])("%s is refused with what JavaScript has for it", (source, words) => {
  expect(() => createMatcher(regex(source))).toThrow(words);
});

test("an empty match counts, and the end of the file is not a line", () => {
  expect(found(regex("x*"), "a\n\nb\n")).toEqual([1, 2, 3]);
  expect(found(regex("^$"), "a\n\nb\n\n")).toEqual([2, 4]);
  expect(found(regex("$"), "a")).toEqual([1]);
  expect(found(regex("^"), "")).toEqual([]);
});

test.each(["(", "a{2,1}", "[b-a]", "a\\nb", "a\nb"])("%j is refused in words", (query) => {
  expect(() => createMatcher(regex(query))).toThrow(PatternError);
});

test("expressions that only the older rules allow still work", () => {
  expect(found(regex("a\\-b\\_c"), "a-b_c\n")).toEqual([1]);
  expect(found(regex("{"), "{\n")).toEqual([1]);
});

test("an expression finds in many lines what it finds in each", () => {
  const atom = fc.constantFrom(
    "a",
    "b",
    ".",
    "\\s",
    "\\W",
    "\\D",
    "\\w",
    "[^a]",
    "[a ]",
    "[\\s\\S]",
    "^",
    "$",
    "\\b",
    "(?!a)",
    "(?<=b)",
    "[^\\s]",
    "\\S",
  );
  const expression = fc
    .array(fc.tuple(atom, fc.constantFrom("", "", "?", "*", "+")), { minLength: 1, maxLength: 5 })
    .map((parts) =>
      parts.map(([atom, times]) => (/^[\^$\\(]b?$|^\(|^[\^$]$/.test(atom) ? atom : atom + times)).join(""),
    );
  const text = fc.string({
    unit: fc.constantFrom("a", "b", " ", "\n", "\r\n", "\r", "\u2028", "-", "é"),
    maxLength: 40,
  });
  fc.assert(
    fc.property(expression, text, (source, text) => {
      const lines = text.split(/\r?\n/);
      if (lines.at(-1) === "") lines.pop();
      const expected = lines.flatMap((line, index) => (new RegExp(source, "su").test(line) ? [index + 1] : []));
      expect(found(regex(source), text)).toEqual(expected);
    }),
    { numRuns: process.env.HEAVY ? 200_000 : 5000 },
  );
});

test("lines around matches are those of the file, however it is cut into pieces", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", "x"), maxLength: 3 });
  const context = fc.integer({ min: 0, max: 3 });
  const cuts = fc.array(fc.nat({ max: 20 }), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), context, cuts, (lines, context, cuts) => {
      const matching = lines.flatMap((text, index) => (text.includes("x") ? [index] : []));
      const expected = lines.flatMap((text, index) =>
        matching.some((match) => Math.abs(match - index) <= context)
          ? [{ number: index + 1, text, isMatch: text.includes("x") }]
          : [],
      );
      const at = [0, ...cuts.map((cut) => cut % lines.length).sort((a, b) => a - b), lines.length];
      const pieces = at.slice(1).map((end, index) =>
        lines
          .slice(at[index], end)
          .map((text) => `${text}\n`)
          .join(""),
      );
      const matcher = createMatcher(literal("x"));
      const finder = createLineFinder(matcher, { wanted: "lines", context, from: 1, limit: 1000 });
      for (const piece of pieces) {
        const bytes = Buffer.from(piece);
        if (!matcher.mayMatch(bytes) && finder.idle) finder.skip(bytes);
        else finder.feed(piece);
      }
      expect(finder.lines).toEqual(expected);
    }),
    { numRuns: process.env.HEAVY ? 100_000 : 3000 },
  );
});
