/** A character of a text and its role. */
export interface Character {
  /** `unspaced`: from a script without spaces between words, or an emoji. `invisible`: an accent, a joiner. */
  readonly kind: "separator" | "word" | "unspaced" | "invisible";
  /**
   * The form for comparison: without case, accents and width ("É" and "e", "ﾊ" and "ハ" are equal). "" when invisible.
   */
  readonly folded: string;
  /** UTF-16 code units. */
  readonly length: 1 | 2;
}

const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}\p{Regional_Indicator}ー]+$/u;
const WORD = /^[\p{L}\p{N}\p{M}]+$/u;
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\u0640]$/u;
const SYMBOL = /^\p{S}$/u;
/**
 * Accents of Latin, Greek and Cyrillic letters, and Arabic and Hebrew vowel signs. Most people omit them in a query.
 */
const ACCENTS = /(?:[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]|[\u0591-\u05bd]|[\u064b-\u0655\u0670])+/g;
/** Letters that Unicode does not decompose, in the spelling of people who lack the key. */
const SPELLINGS = new Map(
  Object.entries({
    ø: "o",
    đ: "d",
    ð: "d",
    ł: "l",
    ħ: "h",
    ŧ: "t",
    ı: "i",
    ß: "ss",
    æ: "ae",
    œ: "oe",
    þ: "th",
    ς: "σ",
    // Arabic and Persian keyboards each have their own code for one letter.
    ٱ: "ا",
    ى: "ي",
    ی: "ي",
    ک: "ك",
    ة: "ه",
    ە: "ه",
    ہ: "ه",
    ھ: "ه",
  }),
);

const DIGIT = /^[٠-٩۰-۹]$/;
const digitOf = (character: string) => String((character.codePointAt(0) ?? 0) & 15);

/** The characters seen so far, by code unit: classifying one costs a hundred times what a lookup does. */
const known: (Character | undefined)[] = new Array<Character | undefined>(0x1_0000).fill(undefined);
const knownPairs = new Map<number, Character>();

const plain = Uint8Array.from({ length: 0x1_0000 }, (_, unit) => (/[a-z\d]/i.test(String.fromCharCode(unit)) ? 1 : 0));

/** Whether a code unit is an ASCII letter or digit. Most of most notes is, so there is a fast path. */
export const isPlain = (unit: number): boolean => plain[unit] === 1;

/** The character that begins at `at`. A lone surrogate is a separator. */
export function characterAt(text: string, at: number): Character {
  const unit = text.charCodeAt(at);
  if (unit >= 0xd800 && unit <= 0xdbff) {
    const point = text.codePointAt(at) ?? unit;
    if (point > 0xffff) return pair(point);
  }
  const found = known[unit];
  if (found) return found;
  const character = describe(String.fromCharCode(unit), 1);
  known[unit] = character;
  return character;
}

/** Whether a token is a single character of a script without spaces. */
export function isUnspaced(token: string): boolean {
  return token !== "" && characterAt(token, 0).kind === "unspaced" && characterAt(token, 0).length === token.length;
}

function pair(point: number): Character {
  const found = knownPairs.get(point);
  if (found) return found;
  const character = describe(String.fromCodePoint(point), 2);
  knownPairs.set(point, character);
  return character;
}

function describe(character: string, length: 1 | 2): Character {
  const folded = fold(character);
  return { kind: kindOf(character, folded), folded, length };
}

function kindOf(character: string, folded: string): Character["kind"] {
  if (folded === "") return "invisible";
  // "Brand™" is the word "brand", not "brandtm".
  if (SYMBOL.test(character) && folded !== character) return "separator";
  if (UNSPACED.test(folded)) return "unspaced";
  return WORD.test(folded) ? "word" : "separator";
}

function fold(character: string): string {
  if (INVISIBLE.test(character)) return "";
  if (DIGIT.test(character)) return digitOf(character);
  const lower = character.normalize("NFKD").replace(ACCENTS, "").normalize("NFC").toLowerCase();
  return (SPELLINGS.get(lower) ?? lower).replace(ACCENTS, "");
}
