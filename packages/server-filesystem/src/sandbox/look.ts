/** Blanks that look like a space, and invisible characters. */
const ODD = /[\p{Zs}\p{Cf}\t]/gu;
const ESCAPE = /\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})/gi;

/** Equal for names that look the same on a screen. An escape written by `spelled` counts as the character. */
export const lookOf = (name: string): string =>
  name
    .replace(ESCAPE, (text, long: string | undefined, short: string | undefined) => {
      const point = Number.parseInt(long ?? short ?? "", 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : text;
    })
    .replace(ODD, (sign) => (/\p{Cf}/u.test(sign) ? "" : " "))
    .normalize("NFC");

/** Also equal for names that differ in letter case, in quotes, or in surrounding blanks and quotes. */
export const roughLookOf = (name: string): string =>
  lookOf(name)
    .replace(/ +/g, " ")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .toLowerCase()
    .replace(/^[ '"`]+|[ '"`]+$/g, "");

/**
 * A name with invisible characters spelled out, as in `9.41\u{202f}AM`, and accents where they are separate characters.
 */
export function spelled(name: string): string {
  const hidden = name === name.normalize("NFC") ? /[^\P{Zs} ]|\p{Cf}|\p{Cc}/gu : /[^\P{Zs} ]|\p{Cf}|\p{Cc}|\p{M}/gu;
  return name.replace(hidden, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
