import { readFileSync } from "node:fs";
import { isHeavy } from "@org/server-kit/testing";
import { Resvg } from "@resvg/resvg-js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { drawable, fitted, outlined, widthOf } from "../../src/chart/letters.ts";
import { element, label } from "../../src/chart/svg.ts";
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

const FILES = ["fonts/NotoSans-Regular.ttf", "fonts/NotoSans-Bold.ttf"];
const FONTS = FILES.map(charactersOf);
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

test.each([
  ["regular", 400],
  ["bold", 700],
])("every %s letter is drawn as the renderer draws it from the font itself", (_, weight) => {
  const letters = [...(FONTS[0] ?? [])]
    .map((code) => String.fromCodePoint(code))
    .filter((one) => /[^\p{M}\s\p{C}]/u.test(one));
  const rows = Array.from({ length: Math.ceil(letters.length / 40) }, (_, row) =>
    label(letters.slice(row * 40, row * 40 + 40).join(""), {
      ...{ x: 500, y: row * 40 + 30, "text-anchor": "middle", "font-size": 22, "font-weight": weight, fill: "#000" },
    }),
  );
  const size = { width: 1000, height: rows.length * 40, "font-family": "Noto Sans" };
  const svg = element("svg", { xmlns: "http://www.w3.org/2000/svg", ...size }, ...rows);
  const font = { loadSystemFonts: false, fontFiles: FILES.map(packageFile) };
  const theirs = new Resvg(svg, { font, background: "#fff" }).render().pixels;
  const ours = new Resvg(outlined(svg), { font: { loadSystemFonts: false }, background: "#fff" }).render().pixels;
  const [ink, off] = [
    theirs.filter((value) => value < 128).length,
    theirs.filter((value, at) => Math.abs(value - (ours[at] ?? 0)) > 64).length,
  ];
  expect(letters.length).toBeGreaterThan(1000);
  expect(ink).toBeGreaterThan(100_000);
  expect(off / ink).toBeLessThan(0.01);
});
