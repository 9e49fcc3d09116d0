import fc from "fast-check";
import { expect, test } from "vitest";
import { composed, foldText, scan, searchableText } from "../../src/index/text/tokens.ts";

function tokens(text: string): string[] {
  const found: string[] = [];
  scan(composed(text), (token) => found.push(token));
  return found;
}

/** As the search table reads it: words of ASCII letters, digits and anything beyond ASCII, in lower case. */
const readBySearchTable = (text: string) =>
  text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).match(/[a-z0-9\u0080-\u{10ffff}]+/gu) ?? [];

test.each([
  ["Größe der Straße", ["grosse", "der", "strasse"]],
  ["ÆRØ, Łódź, Đà Nẵng, İstanbul, ılık", ["aero", "lodz", "da", "nang", "istanbul", "ilik"]],
  ["cafe\u0301 CAFÉ", ["cafe", "cafe"]],
  ["Ёлка, ЙОД, ΟΔΟΣ οδός", ["елка", "иод", "οδοσ", "οδοσ"]],
  ["ＡＢＣ x² Brand™", ["abc", "x2", "brand"]],
  ["don’t foo_bar co\u00ADoperate", ["don", "t", "foo", "bar", "cooperate"]],
  ["東京都", ["東京", "京都", "都"]],
  ["株A株", ["株", "a", "株"]],
  ["회의록을", ["회의", "의록", "록을", "을"]],
  ["ﾊﾞｽ か\u3099", ["バス", "ス", "が"]],
  ["สวัสดี", ["สว", "วั", "ัส", "สด", "ดี", "ี"]],
  ["🎉 done 👩‍💻", ["🎉", "done", "👩💻", "💻"]],
  ["a\ud800b\udc00", ["a", "b"]],
  ["\0 \u200b --- ***", []],
])("%s", (text, expected) => {
  expect(tokens(text)).toEqual(expected);
});

test("a token stands for the part of the text that it was made of", () => {
  const text = "Die Größe, 東京🎉";
  const parts: string[] = [];
  scan(text, (_token, start, end) => parts.push(text.slice(start, end)));
  expect(parts).toEqual(["Die", "Größe", "東京", "京🎉", "🎉"]);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."aZ9 _-ßé東京都ー한か\u3099ﾊﾞ🎉👩\u200d\ud800\u0301\u00ad\0ﷺ½".split("")) }),
);

test("what the search table reads is what a query looks for", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(readBySearchTable(searchableText(composed(text)))).toEqual(tokens(text));
    }),
    { numRuns: 3000 },
  );
});

test("the spelling of a text makes no difference", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(foldText(text.normalize("NFD"))).toBe(foldText(text.normalize("NFC")));
      expect(tokens(text.normalize("NFD"))).toEqual(tokens(text.normalize("NFC")));
    }),
    { numRuns: 2000 },
  );
});
