import { formsOf, LANGUAGES, type Language, languageOf } from "./languages.ts";
import { type Query, type Term, toMatch } from "./parse-query.ts";

/** A term that a note must contain in one of its forms, the form in the question first. */
export interface Wanted {
  readonly forms: readonly Pick<Term, "tokens" | "isPrefix">[];
}

/** The content of a question, without the small words that only make it a question. */
export interface Meaning {
  readonly wanted: readonly Wanted[];
  readonly unwanted: readonly Term[];
}

/**
 * "What is a daily note?" searches for "daily", and for "note" or "notes". If all words are small, all of them count.
 * @param languagesOfNotes called when the question does not show its language
 */
export function meaningOf({ wanted, unwanted }: Query, languagesOfNotes: () => readonly Language[]): Meaning {
  const words = wanted.filter(({ isWord }) => isWord).map(wordOf);
  const language = words.length > 1 ? languageOf(words) : undefined;
  const telling = wanted.filter((term) => !term.isWord || !language?.stops.has(wordOf(term)));
  const kept = telling.length > 0 ? telling : wanted;
  const languages = language ? [language] : words.length > 0 ? languagesOfNotes() : [];
  return { wanted: kept.map((term) => ({ forms: [term, ...otherForms(term, languages)] })), unwanted };
}

const wordOf = ({ tokens: [word = ""] }: Term): string => word;

const otherForms = (term: Term, languages: readonly Language[]) =>
  term.isWord ? formsOf(wordOf(term), languages).map((form) => ({ tokens: [form], isPrefix: false })) : [];

/** The languages that notes are written in, judging by which languages' words occur; all of them when none shows. */
export function languagesBy(isUsed: (words: readonly string[]) => boolean): readonly Language[] {
  const used = LANGUAGES.filter(({ marks }) => isUsed(marks));
  return used.length > 0 ? used : LANGUAGES;
}

/** As an expression for the search table. @param how whether all of the wanted terms must occur, or any */
export function toExpression({ wanted, unwanted }: Meaning, how: "all" | "any"): string {
  const found = toWanted(wanted, how);
  return unwanted.length === 0 ? found : `(${found}) NOT (${toExclusion(unwanted)})`;
}

/** Matches titles that contain all of the terms. */
export const toTitled = (wanted: readonly Wanted[]): string => `{title} : (${toWanted(wanted, "all")})`;

/** Matches all of the terms exactly as asked; undefined when that makes no difference. */
export function toExact(wanted: readonly Wanted[]): string | undefined {
  if (wanted.every(({ forms }) => forms.length === 1)) return undefined;
  return toWanted(
    wanted.map(({ forms }) => ({ forms: forms.slice(0, 1) })),
    "all",
  );
}

/** Matches any of the terms. */
export const toExclusion = (unwanted: readonly Term[]): string => unwanted.map(toMatch).join(" OR ");

const toWanted = (wanted: readonly Wanted[], how: "all" | "any") =>
  wanted.map(({ forms }) => `(${forms.map(toMatch).join(" OR ")})`).join(how === "all" ? " AND " : " OR ");
