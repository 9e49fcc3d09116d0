import { formsOf, LANGUAGES, type Language, languageOf } from "./languages.ts";
import { type Query, type Term, toMatch } from "./parse-query.ts";

/** A term that a note must hold in one of its forms, the one that was asked for first. */
export interface Wanted {
  readonly forms: readonly Pick<Term, "tokens" | "isPrefix">[];
}

/** What a question is about, without the small words that only make it one. */
export interface Meaning {
  readonly wanted: readonly Wanted[];
  readonly unwanted: readonly Term[];
}

/**
 * "What is a daily note?" looks for daily, and for note or notes. Where all words are small, all are meant.
 * @param languagesOfNotes is asked when the question does not show its language
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

/** The languages that notes are written in, by whether some notes hold any of a language's words; all where none shows. */
export function languagesBy(isUsed: (words: readonly string[]) => boolean): readonly Language[] {
  const used = LANGUAGES.filter(({ marks }) => isUsed(marks));
  return used.length > 0 ? used : LANGUAGES;
}

/**
 * In the words of the search table.
 * @param how whether all of the wanted terms must be there, or any
 */
export function toExpression({ wanted, unwanted }: Meaning, how: "all" | "any"): string {
  const found = toWanted(wanted, how);
  return unwanted.length === 0 ? found : `(${found}) NOT (${toExclusion(unwanted)})`;
}

/** What holds all of the terms in its title. */
export const toTitled = (wanted: readonly Wanted[]): string => `{title} : (${toWanted(wanted, "all")})`;

/** What holds all of the terms just as they were asked for; undefined when that makes no difference. */
export function toExact(wanted: readonly Wanted[]): string | undefined {
  if (wanted.every(({ forms }) => forms.length === 1)) return undefined;
  return toWanted(
    wanted.map(({ forms }) => ({ forms: forms.slice(0, 1) })),
    "all",
  );
}

/** What matches any of the terms. */
export const toExclusion = (unwanted: readonly Term[]): string => unwanted.map(toMatch).join(" OR ");

const toWanted = (wanted: readonly Wanted[], how: "all" | "any") =>
  wanted.map(({ forms }) => `(${forms.map(toMatch).join(" OR ")})`).join(how === "all" ? " AND " : " OR ");
