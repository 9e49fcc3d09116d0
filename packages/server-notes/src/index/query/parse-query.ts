import { ToolError } from "@org/server-kit/errors";
import { isUnspaced } from "../text/characters.ts";
import { composed, scan } from "../text/tokens.ts";

/** Something to look for: tokens in a row. */
export interface Term {
  readonly tokens: readonly string[];
  /** The last token may go on: `road*`, and any single character of a script without spaces. */
  readonly isPrefix: boolean;
}

/** What a query asks for. With no `wanted` and no `unwanted` nothing can be found. */
export interface Query {
  readonly wanted: readonly Term[];
  /** Behind a `-`. */
  readonly unwanted: readonly Term[];
}

const LONGEST = 1000;
/** `-`, then a phrase in quotes or a word, then `*`. A quote without its counterpart is no quote. */
const PART = /(?<=^|\s)(?<minus>-?)(?:"(?<phrase>[^"]*)"|(?<word>[^\s"]+?|"))(?<star>\*?)(?=\s|$)|(?<rest>\S+)/gu;

/**
 * Reads what a person typed: words, "phrases in quotes", prefixes (`road*`) and exclusions (`-draft`). Anything else
 * separates words: no text is an error but an empty one, and one that nobody typed.
 * @throws ToolError invalid_input
 */
export function parseQuery(text: string): Query {
  if (text.trim() === "") throw new ToolError("invalid_input", "query is empty: give a word to look for.");
  if (text.length > LONGEST) {
    throw new ToolError(
      "invalid_input",
      `query has ${text.length} characters; at most ${LONGEST} can be looked for. Give the few words that matter.`,
    );
  }
  const wanted = new Map<string, Term>();
  const unwanted = new Map<string, Term>();
  for (const { groups = {} } of composed(text).matchAll(PART)) {
    const { minus, phrase, word, star, rest } = groups;
    const term = termOf(phrase ?? word ?? rest ?? "", star === "*");
    if (term) (minus === "-" ? unwanted : wanted).set(toMatch(term), term);
  }
  return { wanted: [...wanted.values()], unwanted: [...unwanted.values()] };
}

/**
 * In the words of the search table. Only tokens get there, always in quotes, so nothing that was typed is syntax.
 * @param how whether all of the wanted terms must be there, or any
 */
export function toExpression({ wanted, unwanted }: Query, how: "all" | "any"): string {
  const found = wanted.map(toMatch).join(how === "all" ? " AND " : " OR ");
  return unwanted.length === 0 ? found : `(${found}) NOT (${toExclusion(unwanted)})`;
}

/** What matches any of the terms. */
export const toExclusion = (unwanted: readonly Term[]): string => unwanted.map(toMatch).join(" OR ");

const toMatch = ({ tokens, isPrefix }: Term) => `"${tokens.join(" ")}"${isPrefix ? "*" : ""}`;

function termOf(text: string, hasStar: boolean): Term | undefined {
  const tokens: string[] = [];
  let lastIsRunEnd = false;
  let lastEnd = 0;
  scan(text, (token, start, end) => {
    // The last character of a run is a token for those who look for it alone. Behind the pair that ends with it, it
    // would ask for the run to end here, where the note's may go on.
    lastIsRunEnd = start < lastEnd;
    lastEnd = end;
    tokens.push(token);
  });
  if (tokens.length === 0) return undefined;
  if (lastIsRunEnd) tokens.pop();
  return { tokens, isPrefix: hasStar || isUnspaced(tokens.at(-1) ?? "") };
}
