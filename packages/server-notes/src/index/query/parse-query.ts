import { ToolError } from "@org/server-kit/errors";
import { isUnspaced } from "../text/characters.ts";
import { composed, scan } from "../text/tokens.ts";

/** Something to look for: tokens in a row. */
export interface Term {
  readonly tokens: readonly string[];
  /** The last token may go on: `road*`, and any single character of a script without spaces. */
  readonly isPrefix: boolean;
  /** A word that was not quoted: its singular and plural will do, too. */
  readonly isWord: boolean;
}

/** What a query asks for. */
export interface Query {
  /** None, to have all notes. */
  readonly wanted: readonly Term[];
  /** After a `-`. */
  readonly unwanted: readonly Term[];
}

const LONGEST = 1000;
/** `-`, then a phrase in quotes or a word, then `*`. A quote without its counterpart is no quote. */
const PART = /(?<=^|\s)(?<minus>-?)(?:"(?<phrase>[^"]*)"|(?<word>[^\s"]+?|"))(?<star>\*?)(?=\s|$)|(?<rest>\S+)/gu;

/** Stars alone. */
const ALL = /^\*+$/;

/**
 * Reads what a person typed: words, "phrases in quotes", prefixes (`road*`) and exclusions (`-draft`); `*` alone is all
 * notes. Anything else separates words: nothing is a syntax error.
 * @throws ToolError invalid_input when there is no word to look for
 */
export function parseQuery(text: string): Query {
  if (text.length > LONGEST) {
    throw new ToolError(
      "invalid_input",
      `query has ${text.length} characters; the limit is ${LONGEST}. Pass the few words that matter.`,
    );
  }
  const wanted = new Map<string, Term>();
  const unwanted = new Map<string, Term>();
  let isAll = false;
  for (const { groups = {} } of composed(text).matchAll(PART)) {
    const { minus, phrase, word, star, rest } = groups;
    isAll ||= ALL.test(word ?? "");
    const term = termOf(phrase ?? word ?? rest ?? "", star === "*", phrase === undefined);
    if (term) (minus === "-" ? unwanted : wanted).set(toMatch(term), term);
  }
  if (wanted.size + unwanted.size === 0 && !isAll) {
    throw new ToolError(
      "invalid_input",
      text.trim() === ""
        ? "query is empty. Pass words to look for, or * for all notes."
        : "query has no word: search finds words, not punctuation. Pass words, or * for all notes.",
    );
  }
  return { wanted: [...wanted.values()], unwanted: [...unwanted.values()] };
}

/** In the words of the search table. Only tokens get there, always in quotes, so nothing that was typed is syntax. */
export const toMatch = ({ tokens, isPrefix }: Pick<Term, "tokens" | "isPrefix">): string =>
  `"${tokens.join(" ")}"${isPrefix ? "*" : ""}`;

function termOf(text: string, hasStar: boolean, isUnquoted: boolean): Term | undefined {
  const tokens: string[] = [];
  let lastIsRunEnd = false;
  let lastEnd = 0;
  scan(text, (token, start, end) => {
    // The last character of a run is a token for those who look for it alone. After the pair that ends with it, it
    // would ask for the run to end here, where the note's may go on.
    lastIsRunEnd = start < lastEnd;
    lastEnd = end;
    tokens.push(token);
  });
  if (tokens.length === 0) return undefined;
  if (lastIsRunEnd) tokens.pop();
  const isPrefix = hasStar || isUnspaced(tokens.at(-1) ?? "");
  return { tokens, isPrefix, isWord: isUnquoted && !isPrefix && tokens.length === 1 };
}
