import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesInWords, secondsInWords, withoutTexts } from "../../src/catalog/words.ts";

test("string literals are removed from a statement; parameters and names stay", () => {
  expect(withoutTexts("ALTER ROLE ann\n  PASSWORD 'it''s secret' VALID UNTIL 'x'")).toBe(
    "ALTER ROLE ann PASSWORD '…' VALID UNTIL '…'",
  );
  expect(withoutTexts("SELECT $1, $2 FROM t WHERE a = $tag$ se$cret ' $tag$ AND b = 1")).toBe(
    "SELECT $1, $2 FROM t WHERE a = '…' AND b = 1",
  );
  expect(withoutTexts("SELECT E'it\\'s secret', name FROM t")).toBe("SELECT '…', name FROM t");
  expect(withoutTexts("SELECT 'cut off in the mid")).toBe("SELECT '…'");
});

test("no string literal in SQL syntax is left", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("s", "'", "$", " ", "\n", "\\") }), (text) => {
      expect(withoutTexts(`SELECT 1 WHERE a = 'secret${text.replaceAll("'", "''")}' AND b`)).not.toContain("secret");
    }),
  );
});

test("sizes and times are written as people read them", () => {
  expect([0, 1023, 1024, 10_240, 5 << 20].map(bytesInWords)).toEqual(["0 B", "1023 B", "1.0 kB", "10 kB", "5.0 MB"]);
  expect([0.25, 90, 600, 7200, 900_000].map(secondsInWords)).toEqual(["0.3 s", "90 s", "10 min", "2 h", "10 d"]);
});
