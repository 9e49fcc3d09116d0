import { isUtf8 } from "node:buffer";

/*
 * Text from a repository may contain characters that people do not see but a model reads: tags, fillers, marks that
 * reverse the direction of text. They are shown by their code points. Joiners are kept where a script or an emoji needs
 * them: between letters of joining scripts, and inside one emoji.
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
/** ASCII text, the common case, contains nothing invisible. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;
export const isPlain = (text: string): boolean => PLAIN.test(text);

const isJoiner = new RegExp(JOINERS.source, "uy");

/** Whether a path or name contains anything invisible, line breaks and tabs included. */
export const hasInvisible = (text: string): boolean => UNSEEN.test(text);

const shown = (sign: string) => `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** Shows each invisible character by its code point, as ⟨U+200B⟩; tabs and line ends stay, a lone or final CR becomes ␍. */
export function visible(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(EITHER, (sign, at: number) => {
    if (sign === "\n" || sign === "\t") return sign;
    if (sign === "\r") return "␍";
    isJoiner.lastIndex = at;
    return isJoiner.test(text) ? sign : shown(sign);
  });
}

/** UTF-8 text unchanged; otherwise, each byte that is not valid UTF-8 is shown as ⟨byte E9⟩. */
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

/** The length in bytes of the character that begins here; 0 if none does. */
function characterAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** Bytes as text in which a person can see everything: {@link decodeBytes}, then {@link visible}. */
export const decodeText = (bytes: Buffer): string => visible(decodeBytes(bytes));

/** A name on one line: {@link decodeText} without line breaks and tabs. */
export const oneLine = (text: string): string =>
  visible(text).replace(/[\n\t]/g, (sign) => (sign === "\n" ? "⟨U+000A⟩" : "⟨U+0009⟩"));

const MOST = 1_000;

/** {@link oneLine} for text of unlimited length, such as the branch in HEAD: its first thousand characters. */
export const shortLine = (text: string): string => oneLine(text.length <= MOST ? text : `${text.slice(0, MOST)}…`);
