import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** A realistic folder of notes, generated from a seed, so that every run measures the same bytes. */
export interface SampleNote {
  /** Relative, with "/" between names. */
  readonly path: string;
  readonly text: string;
}

const LANGUAGES = [
  { share: 0.55, alphabet: ["", "b", "br", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "w"] },
  { share: 0.15, alphabet: ["", "b", "d", "f", "g", "h", "k", "l", "m", "n", "r", "s", "sch", "t", "w", "z"] },
  { share: 0.1, alphabet: ["", "b", "c", "ch", "d", "f", "g", "j", "l", "m", "n", "p", "qu", "r", "s", "t", "v"] },
] as const;
const VOWELS = [
  ["a", "e", "i", "o", "u", "ea", "ou", "ai"],
  ["a", "e", "i", "o", "u", "ä", "ö", "ü", "ei", "au"],
  ["a", "e", "é", "è", "i", "o", "ou", "u", "ê", "oi"],
] as const;
const CYRILLIC = [..."абвгдежзийклмнопрстуфхцчшщыэюяё"];
const HAN = [
  ..."的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出会可也你对就能开发项目计划数据系统东京山田会議資料設計",
];
const KANA = [
  ..."あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんアイウエオカキクケコ",
];
const HANGUL = [..."가나다라마바사아자차카타파하회의계획자료설계서울부산개발문서일정검토"];
const TAGS = [
  "work",
  "work/meeting",
  "work/plan",
  "home",
  "home/garden",
  "idea",
  "reading",
  "health",
  "travel/japan",
  "käse",
  "日記",
];
const FOLDERS = [
  "",
  "daily",
  "projects",
  "projects/alpha",
  "projects/beta/notes",
  "people",
  "reading",
  "archive/2024",
  "archive/2025",
];

/** Numbers from 0 up to 1, the same for the same seed (Mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` notes of 2.4 kB on average in several languages, with links between them, tags and front matter. */
export function* sampleNotes(count: number, seed = 1): Generator<SampleNote> {
  const random = randomFrom(seed);
  const vocabularies = LANGUAGES.map(({ alphabet }, index) =>
    vocabulary(random, (syllables) => {
      const vowels = VOWELS[index] ?? VOWELS[0];
      const begins = Array.from({ length: syllables }, () => pick(random, alphabet) + pick(random, vowels));
      return begins.join("") + pick(random, alphabet);
    }),
  );
  const others = [CYRILLIC, HAN, KANA, HANGUL].map((alphabet) =>
    vocabulary(random, (syllables) => {
      const longest = syllables * (alphabet === CYRILLIC ? 3 : 2);
      return Array.from({ length: 1 + Math.floor(random() * longest) }, () => pick(random, alphabet)).join("");
    }),
  );
  const titles: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const words = language(random, vocabularies, others);
    const title = `${capitalised(words())} ${words()} ${index}`;
    const folder = pick(random, FOLDERS);
    const tags = Array.from({ length: Math.floor(random() * 4) }, () => pick(random, TAGS));
    yield {
      path: path.posix.join(folder, `${title}.md`),
      text: noteText(random, { title, words, tags, titles }),
    };
    titles.push(title);
  }
}

/** Writes {@link sampleNotes} into `folder`, with dates spread over three years as far as the clock allows. */
export async function writeSampleNotes(folder: string, count: number, seed = 1): Promise<number> {
  let bytes = 0;
  const made = new Set<string>();
  for (const note of sampleNotes(count, seed)) {
    const file = path.join(folder, note.path);
    const parent = path.dirname(file);
    if (!made.has(parent)) await mkdir(parent, { recursive: true });
    made.add(parent);
    await writeFile(file, note.text);
    bytes += Buffer.byteLength(note.text);
  }
  return bytes;
}

interface Making {
  readonly title: string;
  readonly words: () => string;
  readonly tags: readonly string[];
  /** Titles of earlier notes, to link to. */
  readonly titles: readonly string[];
}

function noteText(random: () => number, { title, words, tags, titles }: Making): string {
  const lines: string[] = [];
  if (random() < 0.6) {
    const created = `2025-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`;
    lines.push(
      "---",
      `created: ${created}`,
      `tags: [${tags.join(", ")}]`,
      `aliases: ["${words()} ${words()}"]`,
      "---",
      "",
    );
  }
  lines.push(`# ${title}`, "");
  const target = 420 + random() ** 2 * 3600;
  let length = 0;
  while (length < target) {
    if (random() < 0.15) lines.push(`## ${capitalised(words())} ${words()}`, "");
    const paragraph = Array.from({ length: 20 + Math.floor(random() * 60) }, words).join(" ");
    const link = titles.length > 0 && random() < 0.5 ? ` [[${pick(random, titles)}]]` : "";
    const tag = tags[0] !== undefined && random() < 0.2 ? ` #${tags[0]}` : "";
    lines.push(`${capitalised(paragraph)}.${link}${tag}`, "");
    length += paragraph.length;
  }
  return lines.join("\n");
}

/**
 * Words with natural frequencies (Zipf): the second is half as frequent as the first, the third a third as frequent, and
 * thousands occur once or twice.
 * @param make makes a word of some syllables; frequent words are short
 */
function vocabulary(random: () => number, make: (syllables: number) => string): () => string {
  const words = Array.from({ length: 20_000 }, (_, rank) => make(1 + Math.floor(Math.log10(rank + 5) / 1.5)));
  return () => words[Math.floor(words.length ** random() - 1)] ?? "word";
}

function language(
  random: () => number,
  vocabularies: readonly (() => string)[],
  others: readonly (() => string)[],
): () => string {
  let left = random();
  for (const [index, { share }] of LANGUAGES.entries()) {
    left -= share;
    const words = vocabularies[index];
    if (left < 0 && words) return words;
  }
  return pick(random, others);
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const value = from[Math.floor(random() * from.length)];
  if (value === undefined) throw new RangeError("nothing to pick from");
  return value;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
