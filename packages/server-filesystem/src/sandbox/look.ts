/** Blanks that look like the one of the keyboard, and characters that do not show at all. */
const ODD = /[\p{Zs}\p{Cf}\t]/gu;
const ESCAPE = /\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})/gi;

/** Equal for names that nobody can tell apart on a screen. An escape as `spelled` writes it is the character. */
export const lookOf = (name: string): string =>
  name
    .replace(ESCAPE, (text, long: string | undefined, short: string | undefined) => {
      const point = Number.parseInt(long ?? short ?? "", 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : text;
    })
    .replace(ODD, (sign) => (/\p{Cf}/u.test(sign) ? "" : " "))
    .normalize("NFC");

/** Equal, too, for names that differ in letter case, in quotes, or in blanks and quotes around them. */
export const roughLookOf = (name: string): string =>
  lookOf(name)
    .replace(/ +/g, " ")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .toLowerCase()
    .replace(/^[ '"`]+|[ '"`]+$/g, "");

/** A name with what does not show spelled out, as `9.41\u{202f}AM`; accents where they are characters of their own. */
export function spelled(name: string): string {
  const hidden = name === name.normalize("NFC") ? /[^\P{Zs} ]|\p{Cf}|\p{Cc}/gu : /[^\P{Zs} ]|\p{Cf}|\p{Cc}|\p{M}/gu;
  return name.replace(hidden, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
