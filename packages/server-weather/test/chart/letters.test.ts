import { readFileSync } from "node:fs";
import { isHeavy } from "@org/server-kit/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { drawable, fitted, widthOf } from "../../src/chart/letters.ts";
import { packageFile } from "../../src/package-file.ts";

/** The characters of a TrueType font, from its `cmap` table in format 4: what it has no letter for would be a box. */
function charactersOf(file: string): Set<number> {
  const font = readFileSync(packageFile(file));
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, at) => 12 + 16 * at);
  const cmap = font.readUInt32BE((tables.find((at) => font.toString("latin1", at, at + 4) === "cmap") ?? 0) + 8);
  const records = Array.from(
    { length: font.readUInt16BE(cmap + 2) },
    (_, at) => cmap + font.readUInt32BE(cmap + 8 + 8 * at),
  );
  const table = records.find((at) => font.readUInt16BE(at) === 4) ?? 0;
  const count = font.readUInt16BE(table + 6) / 2;
  const characters = new Set<number>();
  for (let at = 0; at < count; at += 1) {
    const end = font.readUInt16BE(table + 14 + 2 * at);
    const start = font.readUInt16BE(table + 16 + 2 * (count + at));
    for (let code = start; code <= end && code < 0xffff; code += 1) characters.add(code);
  }
  return characters;
}

const FONTS = ["fonts/NotoSans-Regular.ttf", "fonts/NotoSans-Bold.ttf"].map(charactersOf);
const isDrawn = (words: string) =>
  [...words].every((letter) => FONTS.every((font) => font.has(letter.codePointAt(0) ?? 0)));
const ASSIGNED = /^[^\p{Cn}\p{Cs}\p{Co}]*$/u;

test.each([
  "Berlin",
  "Århus",
  "Łódź",
  "Đà Nẵng",
  "Санкт-Петербург",
  "Qyzylorda Қызылорда",
  "Θεσσαλονίκη",
  "ʻĀhihi",
  "−3 °C · “x” — 5‰",
])("%s is drawn as it is", async (name) => {
  expect(await drawable(name)).toBe(name.normalize("NFC"));
  expect(isDrawn(name.normalize("NFC"))).toBe(true);
});

test.each([
  ["서울", /^seoul$/i],
  ["თბილისი", /^tbilisi$/i],
  ["Երևան", /^erevan$/i],
  ["नई दिल्ली", /^n[a-z]+ d[a-z]+$/i],
  ["القاهرة", /^[a-z]+$/i],
  ["Tokyo 東京", /^Tokyo [a-z]+$/i],
  ["a\u200fb\u202ec", /^abc$/],
])("%s is written in letters that the font has", async (name, expected) => {
  expect(await drawable(name)).toMatch(expected);
});

test("whatever a place is called, no letter of it becomes a box", async () => {
  const names = fc.string({ unit: "binary", maxLength: 24 }).filter((name) => ASSIGNED.test(name));
  await fc.assert(
    fc.asyncProperty(names, async (name) => {
      const shown = (await drawable(name)).replace(/[\p{Cc}\n]/gu, " ");
      expect(isDrawn(shown), JSON.stringify(shown)).toBe(true);
    }),
    { numRuns: isHeavy ? 50_000 : 1000 },
  );
});

test("what is fitted into a width is never wider, and as large as it may be", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.integer({ min: 60, max: 900 }), (words, width) => {
      const { words: shown, size } = fitted(words, 24, width);
      expect(widthOf(shown, size)).toBeLessThanOrEqual(width + 0.001);
      if (widthOf(words, 24) <= width) expect({ shown, size }).toEqual({ shown: words, size: 24 });
    }),
  );
});
