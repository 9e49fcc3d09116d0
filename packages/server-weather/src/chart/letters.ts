/** What the shipped font has: Latin, Cyrillic and Greek letters, signs and punctuation. A test compares it with the font. */
const HAS =
  /^[\u0020-\u007e\u00a0-\u0377\u037a-\u037f\u0384-\u03e1\u03f0-\u03ff\u0400-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u203a\u20a0-\u20bf\u2103\u2109\u2116\u2122\u2212]$/u;
/** Marks that steer the direction of writing, and others that are not seen. */
const UNSEEN = /\p{Cf}/gu;

/**
 * Makes words drawable with the shipped font: letters of other scripts are written in Latin ones, so that nobody sees
 * boxes, whatever fonts the machine has.
 */
export async function drawable(words: string): Promise<string> {
  const composed = words.normalize("NFC").replace(UNSEEN, "");
  if ([...composed].every((letter) => HAS.test(letter))) return composed;
  const { default: latin } = await import("any-ascii");
  return [...composed].map((letter) => (HAS.test(letter) ? letter : latin(letter))).join("");
}

const NARROW = /[\sijlftr.,:;'()|·І]/u;
const WIDE = /[mwMW%@ЖЮШЩЫФжюшщыфΩ—]/u;
const CAPITAL = /\p{Lu}/u;
const MARK = /\p{M}/u;

/** How wide words are at most, in pixels: an estimate on the safe side. */
export function widthOf(words: string, size: number, isBold = false): number {
  const ems = [...words].map((sign): number => {
    if (MARK.test(sign)) return 0;
    if (NARROW.test(sign)) return 0.36;
    return WIDE.test(sign) ? 0.95 : CAPITAL.test(sign) ? 0.7 : 0.58;
  });
  return ems.reduce((sum, em) => sum + em, 0) * size * (isBold ? 1.06 : 1);
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
