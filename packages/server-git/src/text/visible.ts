import { isUtf8 } from "node:buffer";

/*
 * Text from a repository may hold characters that nobody sees and a model reads: tags, fillers, signs that turn the line
 * around. They are shown by their numbers. Joiners stay where a script or an emoji needs them: between letters of scripts
 * that join, and inside one emoji.
 */
const JOINING = ["Arabic", "Bengali", "Devanagari", "Gujarati", "Kannada", "Malayalam", "Sinhala", "Tamil", "Telugu"]
  .map((script) => `\\p{Script=${script}}`)
  .join("");
const JOINERS = new RegExp(
  [
    `(?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])`,
    "(?<=\\p{Extended_Pictographic}|\\ufe0f|\\p{Emoji_Modifier})\\u200d(?=\\p{Extended_Pictographic})",
    "(?<=\\p{Extended_Pictographic}|[0-9#*])\\ufe0f",
  ].join("|"),
  "u",
);
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const EITHER = new RegExp(`${JOINERS.source}|${UNSEEN.source}`, "gu");
/** ASCII text, the common case, has nothing else to look for. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;
export const isPlain = (text: string): boolean => PLAIN.test(text);

const isJoiner = new RegExp(JOINERS.source, "uy");

/** Whether a path or name holds anything that cannot be seen, line breaks and tabs included. */
export const hasInvisible = (text: string): boolean => UNSEEN.test(text);

const shown = (sign: string) => `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** The text with everything invisible shown by its number, as ⟨U+200B⟩; tabs and line ends stay, a lone or final CR is ␍. */
export function visible(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(EITHER, (sign, at: number) => {
    if (sign === "\n" || sign === "\t") return sign;
    if (sign === "\r") return "␍";
    isJoiner.lastIndex = at;
    return isJoiner.test(text) ? sign : shown(sign);
  });
}

/** Text of UTF-8 as it is; of other bytes, each that is not UTF-8 shown as ⟨byte E9⟩. */
export function decodeBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = "";
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = characterAt(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += `${bytes.toString("utf8", start, at)}⟨byte ${(bytes[at] ?? 0).toString(16).toUpperCase()}⟩`;
    at += 1;
    start = at;
  }
  return text + bytes.toString("utf8", start);
}

/** Bytes of the character that begins here; 0 when none does. */
function characterAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** Bytes as text that a person can see all of: {@link decodeBytes}, then {@link visible}. */
export const decodeText = (bytes: Buffer): string => visible(decodeBytes(bytes));

/** A name on one line: {@link decodeText} without line breaks and tabs. */
export const oneLine = (text: string): string =>
  visible(text).replace(/[\n\t]/g, (sign) => (sign === "\n" ? "⟨U+000A⟩" : "⟨U+0009⟩"));

const MOST = 1_000;

/** {@link oneLine} of what has no bound in a repository, such as a branch that HEAD names: its first thousand characters. */
export const shortLine = (text: string): string => oneLine(text.length <= MOST ? text : `${text.slice(0, MOST)}…`);
