import { type Document, isMap, parseDocument } from "yaml";
import { readPlainFrontMatter } from "./plain-front-matter.ts";

/** The position of a note's front matter, as offsets into its text. */
export interface FrontMatter {
  /** The YAML between the two lines of dashes. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
  /** Where the body begins, after the closing line. */
  readonly bodyStart: number;
}

export type Values = Readonly<Record<string, unknown>>;

/** The values of front matter. With a problem, the values are empty but the note is still readable. */
export interface ReadFrontMatter {
  readonly values: Values;
  readonly problem?: string;
}

const LONGEST = 16_384;
/** Each level uses the parser's stack, and no real front matter is nested dozens deep. */
const NESTED = /(?:[[{][\s\w"':,]{0,20}){32}|(?:[-?] ){32}/;
const MOST_ALIASES = 50;

const OPENING = /^---[ \t]*\r?\n/;
const CLOSING = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/gm;

/** @returns undefined when the text does not begin with front matter, or never closes it */
export function findFrontMatter(text: string): FrontMatter | undefined {
  const start = OPENING.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  CLOSING.lastIndex = start;
  const closing = CLOSING.exec(text);
  if (!closing) return undefined;
  const end = closing.index;
  return { source: text.slice(start, end), start, end, bodyStart: end + closing[0].length };
}

export const bodyStartOf = (text: string): number => findFrontMatter(text)?.bodyStart ?? 0;

/** Never throws, whatever the source contains. */
export function readFrontMatter(source: string): ReadFrontMatter {
  const plain = source.length > LONGEST ? undefined : readPlainFrontMatter(source);
  if (plain) return { values: plain };
  const { document, problem } = parseFrontMatter(source);
  if (!document) return { values: {}, problem };
  try {
    const values: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    if (values === null) return { values: {} };
    // An anchor that contains its own alias is a cycle, which JSON cannot represent.
    JSON.stringify(values);
    // Not a spread: a key named __proto__ must stay a key.
    if (isMap(document.contents)) return { values: Object.fromEntries(Object.entries(Object(values))) };
    return { values: {}, problem: "it is no list of keys and values" };
  } catch {
    return { values: {}, problem: "its aliases do not resolve, or are too many" };
  }
}

/** The parsed YAML with its positions, or what is wrong with it, in our words. */
export function parseFrontMatter(
  source: string,
):
  | { readonly document: Document.Parsed; readonly problem?: undefined }
  | { readonly document?: undefined; readonly problem: string } {
  if (source.length > LONGEST) return { problem: `it is longer than ${LONGEST} characters` };
  if (NESTED.test(source)) return { problem: "it is nested too deeply" };
  try {
    const document = parseDocument(source, { logLevel: "silent", prettyErrors: false });
    const [error] = document.errors;
    if (!error) return { document };
    const line = source.slice(0, error.pos[0]).split("\n").length + 1;
    return { problem: `line ${line} of the note is no valid YAML (${error.code.toLowerCase().replaceAll("_", " ")})` };
  } catch {
    return { problem: "it is no valid YAML" };
  }
}
