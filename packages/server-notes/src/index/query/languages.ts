import { stemmer as danish } from "@orama/stemmers/danish";
import { stemmer as dutch } from "@orama/stemmers/dutch";
import { stemmer as english } from "@orama/stemmers/english";
import { stemmer as finnish } from "@orama/stemmers/finnish";
import { stemmer as french } from "@orama/stemmers/french";
import { stemmer as german } from "@orama/stemmers/german";
import { stemmer as hungarian } from "@orama/stemmers/hungarian";
import { stemmer as italian } from "@orama/stemmers/italian";
import { stemmer as norwegian } from "@orama/stemmers/norwegian";
import { stemmer as portuguese } from "@orama/stemmers/portuguese";
import { stemmer as romanian } from "@orama/stemmers/romanian";
import { stemmer as russian } from "@orama/stemmers/russian";
import { stemmer as spanish } from "@orama/stemmers/spanish";
import { stemmer as swedish } from "@orama/stemmers/swedish";
import { stemmer as turkish } from "@orama/stemmers/turkish";
import { stopwords as danishStops } from "@orama/stopwords/danish";
import { stopwords as dutchStops } from "@orama/stopwords/dutch";
import { stopwords as englishStops } from "@orama/stopwords/english";
import { stopwords as finnishStops } from "@orama/stopwords/finnish";
import { stopwords as frenchStops } from "@orama/stopwords/french";
import { stopwords as germanStops } from "@orama/stopwords/german";
import { stopwords as hungarianStops } from "@orama/stopwords/hungarian";
import { stopwords as italianStops } from "@orama/stopwords/italian";
import { stopwords as norwegianStops } from "@orama/stopwords/norwegian";
import { stopwords as portugueseStops } from "@orama/stopwords/portuguese";
import { stopwords as romanianStops } from "@orama/stopwords/romanian";
import { stopwords as russianStops } from "@orama/stopwords/russian";
import { stopwords as spanishStops } from "@orama/stopwords/spanish";
import { stopwords as swedishStops } from "@orama/stopwords/swedish";
import { stopwords as turkishStops } from "@orama/stopwords/turkish";
import { composed, scan } from "../text/tokens.ts";

/** What is known about the words of a language. All words are as in the index: without case and accents. */
export interface Language {
  /** Words that say little by themselves: "the", "is", "what". */
  readonly stops: ReadonlySet<string>;
  /** Frequent words by which its texts can be told from other languages. */
  readonly marks: readonly string[];
  /** Other forms of a word: singular for plural, and back. */
  forms(word: string): readonly string[];
}

/** A shorter stem says too little. */
const SHORTEST = 3;
const CYRILLIC = /\p{sc=Cyrillic}/u;
/** Most letters that an ending replaces. */
const REPLACED = 3;
const LONGEST = 40;
const MOST_FORMS = 16;

/**
 * The stemmer decides whether two words are forms of one. The index keeps words as they are written, so the candidates
 * are made here: a stem of the word with each of the language's usual endings.
 */
export const LANGUAGES: readonly Language[] = [
  language(english, [...englishStops, "a"], "the with this that from are", "s es y ies"),
  language(german, germanStops, "und der das ist nicht mit", "e n en er ern s es em"),
  language(french, frenchStops, "les des est dans pour une", "s x e es al aux"),
  language(spanish, spanishStops, "los las del el pero", "s es a as o os"),
  language(italian, italianStops, "che della gli sono nel", "a e i o he hi"),
  language(portuguese, portugueseStops, "nao uma dos mais", "s es a as o os"),
  language(dutch, dutchStops, "het een van zijn niet", "e s n en"),
  language(swedish, swedishStops, "och att inte jag", "a n s ar er or en et na erna arna"),
  language(danish, danishStops, "og ikke jeg af", "e r s er en et ne erne"),
  language(norwegian, norwegianStops, "og ikke jeg av", "e r s er en et ene"),
  language(finnish, finnishStops, "ja ovat mutta tama", "a n t ia ja en et"),
  language(hungarian, hungarianStops, "egy hogy nem az", "k ak ek ok t at et"),
  language(romanian, romanianStops, "este pentru sunt", "a e i le ri ele uri"),
  language(russian, russianStops, "и не что на", "а е и о у ы ь ю я ам ах ов ой ом ями ами"),
  language(turkish, turkishStops, "ve bir icin", "lar ler i u"),
];

function language(
  stem: (word: string) => string,
  stopWords: readonly string[],
  marks: string,
  endings: string,
): Language {
  const stops = new Set(stopWords.flatMap(tokensOf));
  const all = ["", ...endings.split(" ")];
  const isCyrillic = CYRILLIC.test(endings);
  const isOther = (word: string, form: string, wanted: string) =>
    form !== word && !stops.has(form) && (stem(form) === wanted || isPlural(form, word) || isPlural(word, form));
  // Some stemmers miss regular plurals: "ciudad" and "ciudades".
  const isPlural = (many: string, one: string) => all.includes("es") && many === `${one}es` && one.length > SHORTEST;
  return {
    stops,
    marks: marks.split(" "),
    forms(word) {
      if (word.length < SHORTEST || word.length > LONGEST || stops.has(word) || CYRILLIC.test(word) !== isCyrillic)
        return [];
      const wanted = stem(word);
      // Longest replacement first: what remains are forms that hardly anyone writes.
      const lengths = Array.from({ length: REPLACED + 1 }, (_, more) => word.length - REPLACED + more);
      const begins = lengths.filter((length) => length >= SHORTEST).map((length) => word.slice(0, length));
      const forms = begins.flatMap((begin) => all.map((ending) => begin + ending));
      return [...new Set(forms)].filter((form) => isOther(word, form, wanted)).slice(0, MOST_FORMS);
    },
  };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  scan(composed(text), (token) => tokens.push(token));
  return tokens;
}

/** The language of a question, judging by its small words; undefined when it has none. */
export function languageOf(words: readonly string[]): Language | undefined {
  let best: { readonly language: Language; readonly count: number } | undefined;
  for (const language of LANGUAGES) {
    const count = words.filter((word) => language.stops.has(word)).length;
    if (count > (best?.count ?? 0)) best = { language, count };
  }
  return best?.language;
}

/** Other forms of a word in any of the languages, without the small words of any of them. */
export const formsOf = (word: string, languages: readonly Language[]): string[] =>
  [...new Set(languages.flatMap((language) => language.forms(word)))].filter(
    (form) => !languages.some(({ stops }) => stops.has(form)),
  );
