import { randomFrom, sampleNotes } from "./notes-vault.ts";

/** Arguments of search_notes. */
export interface NotesQuery {
  readonly query: string;
  readonly tags?: readonly string[];
}

/** Typical queries of several kinds in turn: words as common and as rare as in the notes, in all their languages. */
export function* notesQueries(): Generator<NotesQuery> {
  const random = randomFrom(7);
  const texts = [...sampleNotes(400)].map(({ text }) => text.slice(text.indexOf("\n# ") + 3));
  while (true) {
    const text = texts[Math.floor(random() * texts.length)] ?? "";
    const words = text.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
    const [one = "note", two = "note"] = words.slice(Math.floor(random() * (words.length - 2)));
    const [title = ""] = text.split("\n", 1);
    yield { query: one };
    yield { query: `${one} ${two}` };
    yield { query: `"${one} ${two}"` };
    yield { query: `${one.slice(0, 3)}*` };
    yield { query: `${one} -${two}` };
    yield { query: title };
    yield { query: pick(random, CHINESE_JAPANESE_KOREAN) };
    yield { query: unaccented(one) };
    yield { query: one, tags: [pick(random, ["work", "home/garden", "kase", "日記"])] };
  }
}

/** Kinds of queries that get separate figures, and are compared with frequent words. */
export const KINDS = ["frequent words", "prefixes of one letter", "prefixes of two letters", "questions"] as const;

/** Queries of one kind, from words that most notes contain. */
export function queriesOf(kind: (typeof KINDS)[number], count: number): NotesQuery[] {
  const random = randomFrom(11);
  const words = frequentWords();
  const word = () => pick(random, words);
  const queries = {
    "frequent words": word,
    "prefixes of one letter": () => `${word().slice(0, 1)}*`,
    "prefixes of two letters": () => `${word().slice(0, 2)}*`,
    questions: () => `What is the ${word()} of a ${word()}?`,
  };
  return Array.from({ length: count }, () => ({ query: queries[kind]() }));
}

const FREQUENT = 20;

function frequentWords(): string[] {
  const counts = new Map<string, number>();
  for (const { text } of sampleNotes(400)) {
    for (const word of new Set(text.toLowerCase().match(/[a-z]{3,}/g))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
  return words.filter((word) => !["created", "tags", "aliases"].includes(word)).slice(0, FREQUENT);
}

const CHINESE_JAPANESE_KOREAN = ["会議", "計画", "系统", "の", "カ", "东京", "회의", "서울", "개발"];

const pick = (random: () => number, from: readonly string[]) => from[Math.floor(random() * from.length)] ?? "";
const unaccented = (word: string) => word.normalize("NFD").replace(/\p{M}/gu, "");
