import { once, quote, ToolError } from "@org/server-kit";
import { isTree, list, type Tree } from "./tree.ts";

const loadParser = once(async () => {
  const parser = await import("libpg-query");
  await parser.loadModule();
  return parser;
});

/** PostgreSQL 18's own grammar, as WebAssembly. */
export interface Grammar {
  /** The statements of a text. @throws ToolError `invalid_input`, with the position */
  parse(sql: string): readonly Tree[];
  /** The tree of a PL/pgSQL function, from its CREATE FUNCTION; undefined if it cannot be parsed. */
  parsePlpgsql(definition: string): Tree | undefined;
}

export const loadGrammar = once(async (): Promise<Grammar> => {
  const parser = await loadParser();
  return {
    parse(sql) {
      if (sql.trim() === "") throw empty();
      if (RUN.test(sql)) throw longRun();
      try {
        const parsed: unknown = parser.parseSync(sql);
        return isTree(parsed) ? list(parsed, "stmts") : [];
      } catch (error) {
        throw refusal(error, parser.hasSqlDetails(error) ? error.sqlDetails?.cursorPosition : undefined);
      }
    },
    parsePlpgsql(definition) {
      if (RUN.test(definition)) return undefined;
      try {
        const parsed: unknown = parser.parsePlPgSQLSync(definition);
        return isTree(parsed) ? parsed : undefined;
      } catch {
        return undefined;
      }
    },
  };
});

/** PostgreSQL's scanner rescans such a run for each comment that begins in it. Matched only from its start. */
const RUN = /(?<![-+*/<>=~!@#%^&|`?])[-+*/<>=~!@#%^&|`?]{5000}/;
const longRun = () =>
  new ToolError("invalid_input", "the statement has thousands of operator signs in a row. Leave such comments out.");

export const empty = () =>
  new ToolError("invalid_input", "the statement is empty. Pass one read statement, such as SELECT 1.");

export const tooDeep = () =>
  new ToolError(
    "invalid_input",
    "the statement is nested too deeply to be read. Write it flatter: IN (…) or = ANY ($1) for long lists.",
  );

function refusal(error: unknown, position: number | undefined): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof RangeError || /memory exhausted|stack/i.test(error.message)) return tooDeep();
  if (error.message === "Query cannot be empty") return empty();
  const at = position === undefined || position < 0 ? "" : `, at character ${position + 1}`;
  return new ToolError(
    "invalid_input",
    `${quote(error.message, 300).slice(1, -1)} [42601]${at}. Correct the statement.`,
  );
}
