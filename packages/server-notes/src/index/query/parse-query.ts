import { ToolError } from "@org/server-kit/errors";
import { isUnspaced } from "../text/characters.ts";
import { composed, scan } from "../text/tokens.ts";

/** Something to search for: consecutive tokens. */
export interface Term {
  readonly tokens: readonly string[];
  /** The last token is a prefix: `road*`, and any single character of a script without spaces. */
  readonly isPrefix: boolean;
  /** An unquoted word, which may also match in other forms. */
  readonly isWord: boolean;
}

/** What a query asks for. */
export interface Query {
  /** Empty to match all notes. */
  readonly wanted: readonly Term[];
  /** After a `-`. */
  readonly unwanted: readonly Term[];
}

const LONGEST = 1000;
/** `-`, then a phrase in quotes or a word, then `*`. An unpaired quote is ignored. */
const PART = /(?<=^|\s)(?<minus>-?)(?:"(?<phrase>[^"]*)"|(?<word>[^\s"]+?|"))(?<star>\*?)(?=\s|$)|(?<rest>\S+)/gu;

/** Only stars. */
const ALL = /^\*+$/;

/**
 * Reads a query as people type it: words, "phrases in quotes", prefixes (`road*`) and exclusions (`-draft`); `*` alone
 * matches all notes. Anything else separates words, so there are no syntax errors. @throws ToolError invalid_input when
 * there is no word to search for
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

/**
 * As a match expression for the search table. Only tokens get there, always in quotes, so nothing that was typed is
 * syntax.
 */
export const toMatch = ({ tokens, isPrefix }: Pick<Term, "tokens" | "isPrefix">): string =>
  `"${tokens.join(" ")}"${isPrefix ? "*" : ""}`;

function termOf(text: string, hasStar: boolean, isUnquoted: boolean): Term | undefined {
  const tokens: string[] = [];
  let lastIsRunEnd = false;
  let lastEnd = 0;
  scan(text, (token, start, end) => {
    // The last character of a run is a token for those who search for it alone. After the pair that ends with it, it
    // would require the run to end here, although the note's may continue.
    lastIsRunEnd = start < lastEnd;
    lastEnd = end;
    tokens.push(token);
  });
  if (tokens.length === 0) return undefined;
  if (lastIsRunEnd) tokens.pop();
  const isPrefix = hasStar || isUnspaced(tokens.at(-1) ?? "");
  return { tokens, isPrefix, isWord: isUnquoted && !isPrefix && tokens.length === 1 };
}
