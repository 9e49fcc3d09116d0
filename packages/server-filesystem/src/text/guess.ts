import { quote, ToolError } from "@org/server-kit";
import type { Place } from "../sandbox/types.ts";
import { decode } from "./codec.ts";
import { findEncoding } from "./encodings.ts";
import { sniff } from "./sniff.ts";

/** Characters of a path that an error message repeats. */
const SHOWN = 200;

export function notText({ given }: Pick<Place, "given">, bytes: Buffer): ToolError {
  const type = sniff(bytes);
  const what = type === undefined ? "it holds NULs or other bytes that text does not have" : `it looks like ${type}`;
  return new ToolError(
    "unsupported",
    `${quote(given, SHOWN)} is not text: ${what}. Use read_media_file for its bytes, or pass its encoding if it is text.`,
  );
}

/** Bytes that are examined. */
const TRIED = 65_536;
/** Most encodings that an error names. */
const MOST_NAMED = 3;
/** Characters of a line that an error shows. */
const LINE = 60;

/** Describes possible encodings: shows a line that is not UTF-8 in each encoding that makes sense of it. */
export async function unknownEncoding(place: Pick<Place, "given">, bytes: Buffer): Promise<ToolError> {
  if (sniff(bytes) !== undefined) return notText(place, bytes);
  const sample = bytes.subarray(0, TRIED);
  const isWhole = bytes.length <= TRIED;
  const names = (await likelyEncodings(sample, isWhole)).slice(0, MOST_NAMED);
  const line = doubtfulLine(sample);
  const readings: string[] = [];
  for (const name of names) {
    const text = (await decode(line.bytes, await findEncoding(name, bytes), true)).trim();
    readings.push(`${name} (${quote(text, LINE)})`);
  }
  const advice =
    readings.length === 0
      ? "Pass its encoding if you know it, such as windows-1252 or shift_jis, or use read_media_file for its bytes."
      : `Pass the encoding that reads best. Line ${line.number} in ${readings.join(", in ")}.`;
  return new ToolError(
    "unsupported",
    `${quote(place.given, SHOWN)} is not UTF-8, and its encoding is unknown. ${advice}`,
  );
}

/** The first line with a byte beyond ASCII, from shortly before that byte. */
function doubtfulLine(bytes: Buffer): { readonly bytes: Buffer; readonly number: number } {
  const at = bytes.findIndex((byte) => byte >= 0x80);
  const start = bytes.lastIndexOf("\n", at) + 1;
  const end = bytes.indexOf("\n", at);
  const begin = Math.max(start, at - LINE / 3);
  let number = 1;
  for (let next = bytes.indexOf("\n"); next !== -1 && next < at; next = bytes.indexOf("\n", next + 1)) number += 1;
  // Enough for a line of two-byte characters, without cutting one.
  return { bytes: bytes.subarray(begin, Math.min(end === -1 ? bytes.length : end, begin + 4 * LINE)), number };
}

/** How plausible text in an encoding is, from 0 to 1; anything up to LEAST is nonsense. */
type Sense = (text: string) => number;

const LEAST = 0.7;
/** Encodings that are this much less plausible than the best are not named. */
const MUCH = 0.25;

const share = (text: string, of: RegExp, among: RegExp) =>
  (text.match(of)?.length ?? 0) / Math.max(1, text.match(among)?.length ?? 0);

const BEYOND_ASCII = /[^\0-\x7f]/gu;

/** Latin letters within words, and symbols where texts have them. */
const latin: Sense = (text) => {
  // Words of accented letters only belong to another script.
  if (/[\u00c0-\u017f]{5}/u.test(text) || share(text, /[^\P{L}\0-\x7f]/gu, /\p{L}/gu) > 0.6) return 0;
  return LATIN.reduce((sum, kind) => sum + share(text, kind, BEYOND_ASCII), 0);
};

const LATIN: readonly RegExp[] = [
  // Small letters after small ones, capitals at the start of a word or among capitals, and one-letter words.
  /(?<=[a-z\u00df-\u017f])[\u00df-\u00f6\u00f8-\u017f]/gu,
  /(?<![a-z\u00df-\u017f])[\u00c0-\u017f](?=\p{L})|(?<=[A-Z])[\u00c0-\u017f](?!\p{L})/gu,
  /(?<!\p{L})[\u00c0-\u017f](?!\p{L})/gu,
  /(?<!\p{L})[\u00a1\u00a3\u00a7\u00a9\u00ab\u00ae\u00b1\u00b5\u00bc-\u00bf\u00d7\u201c\u201e\u2018]/gu,
  /[\u00b2\u00b3](?!\p{L})|[\u00a0\u00b0\u00b7\u00bb\u2019\u201d\u2013\u2014\u2026\u20ac]/gu,
];

/**
 * Words of one alphabet, not mixed with Latin letters, in which the letters most common in its languages are frequent.
 */
const alphabet =
  (letter: string, often: string): Sense =>
  (text) =>
    Math.min(
      share(text, new RegExp(`[${letter}](?![A-Za-z])(?<![A-Za-z].)`, "gu"), BEYOND_ASCII),
      share(text, new RegExp(`[${often}]`, "giu"), new RegExp(`[${letter}]`, "gu")) * 1.5,
    );

const greek = alphabet("ά-ώΑ-ΫΆ-Ώ", "αοιετσνηρςάέίό");
const hebrew = alphabet("א-ת", "יוהלארמתבש");
const arabic = alphabet("ء-ي", "اليمونتره");
const russian = alphabet("а-яёА-ЯЁіїєґў", "оеаинтсрвлк");

/** In the old code pages, one's small letters are another's capitals. */
const cyrillic: Sense = (text) => (share(text, /[а-яё][А-ЯЁ]/gu, /[а-яёА-ЯЁ]/gu) > 0.05 ? 0 : russian(text));

/** Japanese always contains kana, mostly hiragana. */
const japanese: Sense = (text) =>
  Math.min(
    share(text, /[ぁ-んァ-ヶー]/gu, /[ぁ-んァ-ヶー\p{Script=Han}]/gu) * 4,
    known(text, /[ぁ-んァ-ヶー一-龠、。・「」『』！？（）～　０-９Ａ-ｚ]/gu),
  );

const korean: Sense = (text) => known(text, /[가-힣]/gu);

/** The most frequent characters of Chinese texts. */
const COMMON =
  /[的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動同工也能下过過子说說产產种種面而方后後多定行学學法所民得经經十三之进進等部度家电電力里裡如水化高自二理起小物现現实實加量都两兩体體制机機当當使点點从從业業本去把性好应應开開它合还還因由其些然前外天政四日那社义義事平形相全表间間样樣与與关關各重新线線内內数數正心反你明看原又么麼利比或但质質气氣第向道命此变變条條只没沒结結解问問意建月公无無系很情者最立代想已通并並提直题題党黨程展五果料象员員革位入常文总總次品式活设設及管特件长長求老头頭基资資边邊流路级級少图圖山统統接知较較将將组組见見计計别別她手角期根论論运運农農指几幾九区區强強放决決西被干做必战戰先回则則任取据據处處队隊南给給色光门門即保治北造百规規热熱领領七海口东東导導器压壓志世金增争爭济濟阶階油思术術极極交受联聯什认認六共权權收证證改清己美再采採转轉更单單风風切打白教速花带帶安场場身车車例真务務具万萬每目至达達走积積示议議声聲报報斗鬥完类類八离離华華名确確才科张張信马馬节節话話米整空元况況今集温溫传傳土许許步群广廣石记記需段研界拉林律叫且究观觀越织織装裝你您好请請謝谢]/gu;
const chinese: Sense = (text) => Math.min(1, share(text, COMMON, BEYOND_ASCII) * 2.5);

/** The share of one kind among the characters beyond ASCII; characters that no text has rule it out at once. */
const known = (text: string, of: RegExp) => (/\p{Cn}/u.test(text) ? 0 : share(text, of, BEYOND_ASCII));

/** Among equally plausible encodings, the first is the likeliest. */
const CANDIDATES: readonly (readonly [name: string, sense: Sense])[] = [
  ["windows-1252", latin],
  ["windows-1250", latin],
  ["windows-1254", latin],
  ["shift_jis", japanese],
  ["euc-jp", japanese],
  ["euc-kr", korean],
  ["gb18030", chinese],
  ["big5", chinese],
  ["windows-1251", cyrillic],
  ["koi8-r", cyrillic],
  ["ibm866", cyrillic],
  ["windows-1253", greek],
  ["windows-1255", hebrew],
  ["windows-1256", arabic],
];

/** Encodings that make sense of the bytes, the likeliest first. */
export async function likelyEncodings(bytes: Buffer, isWhole: boolean): Promise<readonly string[]> {
  const found: { readonly name: string; readonly sense: number }[] = [];
  const read = new Set<string>();
  for (const [name, senseOf] of CANDIDATES) {
    const text = await decode(bytes, await findEncoding(name, bytes), isWhole);
    // An encoding that gives the same text adds no choice.
    if (read.has(text) || /[\uFFFD\x80-\x9f\p{Co}]/u.test(text)) continue;
    const sense = senseOf(text);
    read.add(text);
    if (sense >= LEAST) found.push({ name, sense: Math.min(1, Math.round(sense * 20) / 20) });
  }
  found.sort((a, b) => b.sense - a.sense);
  return found.filter(({ sense }) => sense >= (found[0]?.sense ?? 0) - MUCH).map(({ name }) => name);
}
