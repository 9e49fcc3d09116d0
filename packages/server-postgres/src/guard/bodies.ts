import { ToolError } from "@org/server-kit";
import type { Procedure } from "./catalogue.ts";
import type { Grammar } from "./parse.ts";
import { type Name, type References, referencesOf } from "./references.ts";
import { checkParts } from "./statement.ts";
import { child, type Tree, text, unwrap, walk } from "./tree.ts";

/** What a function's own text says; undefined where it cannot be read. */
export interface Body {
  readonly references: readonly References[];
  /** Why it is refused as it stands, whatever it calls. */
  readonly refusal: string | undefined;
}

/** Statements of PL/pgSQL that run text which only exists once they run. */
const DYNAMIC = new Set(["PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"]);

/**
 * What a user's function names in its text. One whose text cannot be known beforehand, or that does more than read, is
 * refused; SQL in the standard's form has no text, and is judged by its tree.
 */
export function bodyOf(procedure: Procedure, grammar: Grammar): Body | undefined {
  const { language, source, definition, kind, path } = procedure;
  if (kind === "a" || (language === "sql" && source === "")) return { references: [], refusal: undefined };
  // A name in its text could then mean another object than the catalogue's.
  if (path !== null && /pg_catalog/.test(path) && !/^\W*pg_catalog/.test(path)) {
    return opaque("it looks names up elsewhere before it looks in the catalogue");
  }
  if (language === "sql" && source !== null) return sqlBody([source], grammar);
  if (language !== "plpgsql" || definition === null)
    return opaque(`what a function in ${language} does cannot be known`);
  const tree = grammar.parsePlpgsql(definition);
  if (!tree) return opaque("its text cannot be read");
  return plpgsqlBody(tree, grammar);
}

const opaque = (refusal: string): Body => ({ references: [], refusal });

function plpgsqlBody(tree: Tree, grammar: Grammar): Body {
  const parts: string[] = [];
  const types: Name[] = [];
  for (const [kind, node] of walk(tree)) {
    if (DYNAMIC.has(kind) || child(node, "dynquery")) return opaque("it runs SQL that it puts together as text");
    if (kind === "PLpgSQL_type") types.push(...declared(text(node, "typname") ?? ""));
    const query = text(node, "query");
    if (kind === "PLpgSQL_expr" && query !== undefined) parts.push(asStatement(query, Number(node.parseMode ?? 0)));
  }
  const { references, refusal } = sqlBody(parts, grammar);
  return { references: [...references, { ...NO_REFERENCES, types }], refusal };
}

const NO_REFERENCES: References = { calls: [], operators: [], types: [], relations: [], renamed: new Set() };

/** Types that a declaration could mean: `app.users.email%TYPE` is one in the rows of users. A variable runs its domain's checks. */
const declared = (typeName: string): readonly Name[] =>
  [...typeName.matchAll(/"((?:[^"]|"")*)"|[^\s".,()[\]%]+/g)].map(([word, quoted]) => ({
    schema: undefined,
    name: quoted?.replaceAll('""', '"') ?? word.toLowerCase(),
  }));

/** PL/pgSQL's expressions (2) and assignments (3 to 5) are no statements. */
function asStatement(query: string, mode: number): string {
  if (mode === 0) return query;
  return `SELECT ${mode === 2 ? query : query.replace(/^[^:=]*:?=/, "")}`;
}

function sqlBody(texts: readonly string[], grammar: Grammar): Body {
  const references: References[] = [];
  try {
    for (const part of texts) {
      for (const statement of grammar.parse(part)) {
        const [kind, tree] = unwrap(child(statement, "stmt")) ?? [];
        if (kind !== "SelectStmt" || !tree) return opaque("it holds statements that do more than read");
        checkParts(tree);
        references.push(referencesOf(tree));
      }
    }
  } catch (error) {
    if (error instanceof ToolError) return opaque("its text cannot be read, or does more than read");
    throw error;
  }
  return { references, refusal: undefined };
}
