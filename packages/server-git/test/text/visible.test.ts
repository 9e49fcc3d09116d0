import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fence } from "../../src/text/fence.ts";
import { decodeBytes, decodeText, oneLine, visible } from "../../src/text/visible.ts";

test.each([
  ["a\u200bb", "a⟨U+200B⟩b"],
  ["abc\u202edef", "abc⟨U+202E⟩def"],
  ["tag \u{e0041}", "tag ⟨U+E0041⟩"],
  ["esc \x1b[31m", "esc ⟨U+001B⟩[31m"],
  ["line\r\nnext\ttab", "line␍\nnext\ttab"],
  ["flag a\ufe0f", "flag a⟨U+FE0F⟩"],
  ["lone \ud800", "lone ⟨U+D800⟩"],
])("%j is shown as %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test.each(["naïve ✓ 日本語", "❤️ 👩‍💻 1️⃣", "می‌خواهم", "क्‍ष"])("%s stays as it is", (text) => {
  expect(visible(text)).toBe(text);
});

describe("bytes", () => {
  test("bytes that are not UTF-8 are marked, the rest is decoded", () => {
    expect(decodeText(Buffer.from("J\xf6rg \xc3", "latin1"))).toBe("J⟨byte F6⟩rg ⟨byte C3⟩");
    expect(decodeText(Buffer.concat([Buffer.from("日本"), Buffer.from([0xff])]))).toBe("日本⟨byte FF⟩");
  });

  test("valid text comes back unchanged, with any bytes around it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.uint8Array({ maxLength: 8 }), (text, noise) => {
        expect(decodeBytes(Buffer.from(text))).toBe(text);
        const mixed = decodeBytes(Buffer.concat([Buffer.from(`${text}\n`), Buffer.from(noise)]));
        expect(mixed.startsWith(`${text}\n`)).toBe(true);
        expect(mixed).not.toContain(text.includes("\ufffd") ? "\0never" : "\ufffd");
      }),
    );
  });
});

test("nothing is left that a terminal or a model would take for a command", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(oneLine(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e0fff}]/u);
    }),
  );
});

test("a fence has a new number each time, so that text cannot close it", () => {
  const [one, two] = [fence("text"), fence("text\n")];
  expect(one).toMatch(/^<from-repository-[0-9a-f]{8}>\ntext\n<\/from-repository-[0-9a-f]{8}>$/);
  expect(one.split("\n")[0]).not.toBe(two.split("\n")[0]);
});
