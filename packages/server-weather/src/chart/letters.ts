import { readFileSync } from "node:fs";
import { packageFile } from "../package-file.ts";
import { readFont } from "./font.ts";
import { unescapeXml } from "./svg.ts";

/** Shipped, so that a picture is the same on every machine: Latin, Cyrillic and Greek. */
const [REGULAR, BOLD] = [fontIn("fonts/NotoSans-Regular.ttf"), fontIn("fonts/NotoSans-Bold.ttf")];

function fontIn(file: string) {
  return readFont(readFileSync(packageFile(file)));
}

/** Direction marks and other invisible characters. */
const UNSEEN = /\p{Cf}/gu;
const isDrawn = (letter: string) => REGULAR.glyph(letter) !== undefined && BOLD.glyph(letter) !== undefined;

/**
 * Makes words drawable with the shipped font: other scripts are transliterated to Latin, so that no boxes or gaps
 * appear.
 */
export async function drawable(words: string): Promise<string> {
  const composed = words.normalize("NFC").replace(UNSEEN, "");
  if ([...composed].every(isDrawn)) return composed;
  const { default: latin } = await import("any-ascii");
  return [...composed].map((letter) => (isDrawn(letter) ? letter : latin(letter))).join("");
}

/** The width of words, in pixels. */
export function widthOf(words: string, size: number, isBold = false): number {
  const font = isBold ? BOLD : REGULAR;
  const units = [...words].reduce((sum, letter) => sum + (font.glyph(letter)?.width ?? 0), 0);
  return (units * size) / font.unitsPerEm;
}

/** Fits words into a width: they are set smaller, down to three quarters, before they are cut. */
export function fitted(words: string, size: number, width: number, isBold = false): { words: string; size: number } {
  const wanted = Math.min(size, (size * width) / widthOf(words, size, isBold));
  const set = Math.max(wanted, size * 0.75);
  let shown = [...words];
  while (shown.length > 1 && widthOf(`${shown.join("")}…`, set, isBold) > width && wanted < set)
    shown = shown.slice(0, -1);
  return { words: shown.length === [...words].length ? words : `${shown.join("").trimEnd()}…`, size: set };
}

const PLACED = / (x|y|font-size|font-weight|text-anchor|stroke-width)="([^"]*)"/g;
const MOST_REMEMBERED = 1000;
const outlines = new Map<string, string>();

/** Cached, because most words of a picture were in the previous one. */
function outlineOf(words: string, isBold: boolean): string {
  const key = `${isBold}${words}`;
  const known = outlines.get(key);
  if (known !== undefined) return known;
  const font = isBold ? BOLD : REGULAR;
  const outline = [...words].map((letter) => font.glyph(letter)?.outline ?? "").join("");
  if (outlines.size >= MOST_REMEMBERED) outlines.clear();
  outlines.set(key, outline);
  return outline;
}

/**
 * A drawing whose words are outlines, so that it needs no font. Equal words share one shape, drawn on top of everything
 * else.
 */
export function outlined(svg: string): string {
  const shapes = new Map<string, string>();
  const wordless = svg.replace(/<text([^>]*)>([^<]*)<\/text>/g, (_, attributes: string, escaped: string) => {
    const given = new Map([...attributes.matchAll(PLACED)].map(([, name, value]) => [name, value]));
    const number = (name: string) => Number(given.get(name) ?? 0);
    const words = unescapeXml(escaped);
    const [size, isBold] = [number("font-size"), given.get("font-weight") === "700"];
    const before = { middle: 0.5, end: 1 }[given.get("text-anchor") ?? ""] ?? 0;
    const scale = size / (isBold ? BOLD : REGULAR).unitsPerEm;
    const [left, top] = [number("x") - before * widthOf(words, size, isBold), number("y")];
    // The lines around letters are not scaled with them.
    const rim = given.has("stroke-width") ? ` stroke-width="${number("stroke-width") / scale}"` : "";
    const look = `${attributes.replace(PLACED, "")}${rim} transform="scale(${scale},${-scale})"`;
    const outline = `M${Math.round(left / scale)},${Math.round(-top / scale)}${outlineOf(words, isBold)}`;
    shapes.set(look, (shapes.get(look) ?? "") + outline);
    return "";
  });
  const written = [...shapes].map(([look, d]) => `<path${look} d="${d}"></path>`);
  return wordless.replace(/(?=<\/svg>$)/, written.join(""));
}
