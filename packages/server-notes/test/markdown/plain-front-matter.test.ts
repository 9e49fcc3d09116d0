import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, parseDocument } from "yaml";
import { readPlainFrontMatter } from "../../src/markdown/front-matter/plain-front-matter.ts";

const plain = [
  'created: 2025-03-14\ntags: [work, work/plan, 日記, käse]\naliases: ["Some other name", two-words]\n',
  'title: Roadmap of v1.2 and later\nempty: []\nquoted: ""\nno: no\n',
];

test.each(plain)("what people write is read without the parser: %j", (source) => {
  expect(readPlainFrontMatter(source)).toEqual(parse(source));
  expect(readPlainFrontMatter(source)).toBeDefined();
});

test.each([
  "",
  "a: true\n",
  "a: NULL\n",
  "tags: [a, False]\n",
  "true: a\n",
  "a: 1\n",
  "a: b\na: c\n",
  "a: b # c\n",
  "a: b: c\n",
  "a: b\n  c\n",
  "a:\n- b\n",
  "a: 'b'\n",
  'a: "b\\n"\n',
  "a: [b, [c]]\n",
  "a: [b,]\n",
  "a: &b c\n",
  "__proto__: a\n",
  "a: b",
])("anything else is for the parser: %j", (source) => {
  expect(readPlainFrontMatter(source)).toBeUndefined();
});

test("whatever is read is what the parser reads", () => {
  const word = fc.constantFrom(
    ...'a b true Null 2025-01-01 2025-13-99 1e3 0x1f .inf ~ - -- --- ... / ä 日記 _ a. a- "" "a b" "a" \' , [ ] { : # \u00a0 \u0085 \u2028 \ufeff e\u0301 ١ <<'.split(
      " ",
    ),
    " ",
    ", ",
  );
  const text = fc.array(word, { maxLength: 5 }).map((words) => words.join(""));
  const value = fc.oneof(
    text,
    fc.array(text, { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
  );
  const line = fc.tuple(fc.oneof(fc.constantFrom("a", "b", "tags", "no", "ключ"), text), value);
  let plainOnes = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
      const source = lines.map(([key, written]) => `${key}: ${written}\n`).join("");
      const read = readPlainFrontMatter(source);
      if (read === undefined) return;
      plainOnes += 1;
      expect(parseDocument(source).errors).toEqual([]);
      expect(read).toEqual(parse(source));
    }),
    { numRuns: process.env.HEAVY ? 500_000 : 5_000 },
  );
  expect(plainOnes).toBeGreaterThan(100);
});
