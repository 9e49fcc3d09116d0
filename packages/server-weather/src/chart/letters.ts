import { readFileSync } from "node:fs";
import { packageFile } from "../package-file.ts";
import { readFont } from "./font.ts";
import { unescapeXml } from "./svg.ts";

/** Shipped, so that a picture is the same on every machine: Latin, Cyrillic and Greek. */
const [REGULAR, BOLD] = [fontIn("fonts/NotoSans-Regular.ttf"), fontIn("fonts/NotoSans-Bold.ttf")];

function fontIn(file: string) {
  return readFont(readFileSync(packageFile(file)));
}

/** Marks that steer the direction of writing, and others that are not seen. */
const UNSEEN = /\p{Cf}/gu;
const isDrawn = (letter: string) => REGULAR.glyph(letter) !== undefined && BOLD.glyph(letter) !== undefined;

/**
 * Makes words drawable with the shipped font: letters of other scripts are written in Latin ones, so that nobody sees
 * boxes or gaps.
 */
export async function drawable(words: string): Promise<string> {
  const composed = words.normalize("NFC").replace(UNSEEN, "");
  if ([...composed].every(isDrawn)) return composed;
  const { default: latin } = await import("any-ascii");
  return [...composed].map((letter) => (isDrawn(letter) ? letter : latin(letter))).join("");
}

/** How wide words are, in pixels. */
export function widthOf(words: string, size: number, isBold = false): number {
  const font = isBold ? BOLD : REGULAR;
  const units = [...words].reduce((sum, letter) => sum + (font.glyph(letter)?.width ?? 0), 0);
  return (units * size) / font.unitsPerEm;
}

/** Words that fit a width: set smaller, down to three quarters, before they are cut. */
export function fitted(words: string, size: number, width: number, isBold = false): { words: string; size: number } {
  const wanted = Math.min(size, (size * width) / widthOf(words, size, isBold));
  const set = Math.max(wanted, size * 0.75);
  let shown = [...words];
  while (shown.length > 1 && widthOf(`${shown.join("")}…`, set, isBold) > width && wanted < set)
    shown = shown.slice(0, -1);
  return { words: shown.length === [...words].length ? words : `${shown.join("").trimEnd()}…`, size: set };
}

const PLACED = / (x|y|font-size|font-weight|text-anchor|stroke-width)="([^"]*)"/g;

/** A drawing whose words are outlines: it needs no font. */
export const outlined = (svg: string): string =>
  svg.replace(/<text([^>]*)>([^<]*)<\/text>/g, (_, attributes: string, escaped: string) => {
    const given = new Map([...attributes.matchAll(PLACED)].map(([, name, value]) => [name, value]));
    const number = (name: string) => Number(given.get(name) ?? 0);
    const words = unescapeXml(escaped);
    const [size, isBold] = [number("font-size"), given.get("font-weight") === "700"];
    const font = isBold ? BOLD : REGULAR;
    const before = { middle: 0.5, end: 1 }[given.get("text-anchor") ?? ""] ?? 0;
    const left = number("x") - before * widthOf(words, size, isBold);
    const scale = size / font.unitsPerEm;
    // Lines around letters are not scaled with them.
    const rim = given.has("stroke-width") ? ` stroke-width="${number("stroke-width") / scale}"` : "";
    const outline = [...words].map((letter) => font.glyph(letter)?.outline ?? "").join("");
    const place = `transform="translate(${left.toFixed(2)},${number("y")}) scale(${scale},${-scale})"`;
    return `<path${attributes.replace(PLACED, "")}${rim} ${place} d="M0,0${outline}"></path>`;
  });
