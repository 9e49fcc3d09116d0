import { randomFrom, sampleNotes } from "./notes-vault.ts";

/** Arguments of search_notes. */
export interface NotesQuery {
  readonly query: string;
  readonly tags?: readonly string[];
}

/** What people look for, by turns: words as frequent and as rare as they come in the notes, in all their languages. */
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

const CHINESE_JAPANESE_KOREAN = ["会議", "計画", "系统", "の", "カ", "东京", "회의", "서울", "개발"];

const pick = (random: () => number, from: readonly string[]) => from[Math.floor(random() * from.length)] ?? "";
const unaccented = (word: string) => word.normalize("NFD").replace(/\p{M}/gu, "");
