import { ToolError } from "@org/server-kit";
import type { Grammar } from "../../grammar/parse.ts";
import { child, type Tree, text, unwrap, walk } from "../../grammar/tree.ts";
import { cut, isDoubtful } from "../text/names.ts";
import { NO_REFERENCES, type References, referencesOf } from "../text/references.ts";
import type { Name } from "../text/relations.ts";
import { checkParts } from "../text/statement.ts";
import type { Procedure } from "./catalogue.ts";

/** The contents of a function; undefined if they cannot be read. */
export interface Body {
  readonly references: readonly References[];
  /** Why it is refused in itself, whatever it calls. */
  readonly refusal: string | undefined;
}

/** PL/pgSQL statements that run text which is only built at run time. */
const DYNAMIC = new Set(["PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"]);
/** Conditions that match a cancellation, which OTHERS does not. */
const CANCELS = new Set(["query_canceled", "57014", "operator_intervention", "57000"]);

/**
 * The names in a user's function. A function whose text cannot be known beforehand, or that does more than read, is
 * refused. SQL in the standard's form has no text, and is judged by its tree.
 */
export function bodyOf(procedure: Procedure, grammar: Grammar): Body | undefined {
  const { language, source, kind, path } = procedure;
  const searched = path === null ? [] : schemasIn(path);
  // Created by CREATE TYPE AS RANGE.
  if (language === "internal" && /^(multi)?range_constructor\d$/.test(source ?? ""))
    return { references: [], refusal: undefined };
  if (kind === "a" || (language === "sql" && source === "")) return { references: [], refusal: undefined };
  // Otherwise, a name in its text could mean a different object than in the catalogue.
  if (procedure.isQuotedOtherwise) return opaque("it sets how its own text is read");
  if (searched.includes("$user")) return opaque("who calls it decides where it looks names up");
  if (searched.lastIndexOf("pg_catalog") > 0) {
    return opaque("it looks names up elsewhere before it looks in the catalogue");
  }
  const body = textOf(procedure, grammar);
  return path === null
    ? body
    : {
        ...body,
        references: [
          ...body.references.map((each) => alsoIn(["pg_catalog", ...searched], each)),
          { ...NO_REFERENCES, doubtful: searched.filter(isDoubtful) },
        ],
      };
}

/** The schemas of a `search_path`, in which only blanks and commas end a name. */
const schemasIn = (path: string) => [...path.matchAll(/"((?:[^"]|"")*)"|[^\s",]+/g)].map(asRead);

/** Outside quotes, PostgreSQL folds only ASCII letters, and it cuts names after 63 bytes. */
function asRead([word, quoted]: RegExpMatchArray): string {
  return cut(quoted?.replaceAll('""', '"') ?? word.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
}

/** With its own search path, a function may find other objects for a name than the session: both are judged. */
function alsoIn(schemas: readonly string[], references: References): References {
  const also = <T extends Name>(names: readonly T[]): readonly T[] => [
    ...names,
    ...names.flatMap((each) => (each.schema === undefined ? schemas.map((schema) => ({ ...each, schema })) : [])),
  ];
  const { calls, operators, relations } = references;
  return { ...references, calls: also(calls), operators: also(operators), relations: also(relations) };
}

function textOf({ language, source, definition, argNames }: Procedure, grammar: Grammar): Body {
  if (language !== "sql" && language !== "plpgsql")
    return opaque(`what a function in ${language} does cannot be known`);
  if (language === "sql") return source === null ? TOO_LONG : sqlBody([source], grammar, argNames);
  if (definition === null) return TOO_LONG;
  const tree = grammar.parsePlpgsql(definition);
  if (!tree) return opaque("its text cannot be read");
  if (hasHiddenDefault(tree, definition)) return opaque("it gives a record a value where it declares it");
  return plpgsqlBody(tree, grammar);
}

/** The tree omits default values of records and rows, so the text must show that there are none. */
function hasHiddenDefault(tree: Tree, definition: string): boolean {
  // PostgreSQL chooses a quote that does not occur in the text.
  const [quotes = ""] = /\$\w+\$\s*$/.exec(definition) ?? [];
  const lines = (definition.split(quotes.trim()).at(-2) ?? "").split("\n");
  return [...walk(tree)].some(([kind, node]) => {
    const line = Number(node.lineno ?? 0);
    if (kind !== "PLpgSQL_rec" || line === 0) return false;
    const name = (text(node, "refname") ?? "").replace(/[^\w]/g, "\\$&");
    const rest = lines.slice(line - 1).join("\n");
    const declared = [...rest.matchAll(new RegExp(`(?:^|;|\\bdeclare|>>|\\*/)\\s*"?${name}"?\\s([^;]*)`, "gi"))].filter(
      ({ index }) => index < (lines[line - 1]?.length ?? 0),
    );
    return (
      declared.length === 0 || declared.some(([, type = ""]) => !/^(?!.*\bdefault\b)[\s\p{L}\d_."%]*$/isu.test(type))
    );
  });
}

const opaque = (refusal: string): Body => ({ references: [], refusal });
const TOO_LONG = opaque("its text is too long to be read");

function plpgsqlBody(tree: Tree, grammar: Grammar): Body {
  const parts: string[] = [];
  const types: Name[] = [];
  let makesValues = false;
  for (const [kind, node] of walk(tree)) {
    // A field of a record that was read from a table has the type of the table's column.
    if (kind === "PLpgSQL_recfield") makesValues = true;
    if (DYNAMIC.has(kind) || child(node, "dynquery")) return opaque("it runs SQL that it puts together as text");
    if (CANCELS.has(text(node, "condname") ?? ""))
      return opaque("it catches its own cancellation, so no time limit would end it");
    if (kind === "PLpgSQL_type" && /\bu&"/i.test(text(node, "typname") ?? ""))
      return opaque("it writes the name of a type with escapes");
    if (kind === "PLpgSQL_type") types.push(...declared(text(node, "typname") ?? ""));
    const query = text(node, "query");
    if (kind === "PLpgSQL_expr" && query !== undefined) parts.push(...asStatements(query, Number(node.parseMode ?? 0)));
  }
  const { references, refusal } = sqlBody(parts, grammar);
  const read = references.map((each) => (makesValues ? { ...each, makesValues } : each));
  const doubtful = types.map(({ name }) => name).filter(isDoubtful);
  return { references: [...read, { ...NO_REFERENCES, types, doubtful }], refusal };
}

/**
 * Types that a declaration could mean: `app.users.email%TYPE` is the type of a column of users. A variable runs its
 * domain's checks.
 */
const declared = (typeName: string): readonly Name[] =>
  [...typeName.matchAll(/"((?:[^"]|"")*)"|[^\s".,()[\]%]+/g)].map((match) => ({
    schema: undefined,
    name: asRead(match),
  }));

/** PL/pgSQL's expressions (2) and assignments (3 to 5) are not statements. */
function asStatements(query: string, mode: number): readonly string[] {
  if (mode === 0) return [query];
  if (mode === 2) return [`SELECT ${query}`];
  // Subscripts of the target are computed too. A comment before the assignment sign leads to a refusal.
  const [, target = "(", value = ""] = /^((?:(?!--)[^:=]|:(?!=))*):?=(.*)$/s.exec(query) ?? [];
  return [`SELECT ${target}`, `SELECT ${value}`];
}

function sqlBody(texts: readonly string[], grammar: Grammar, argNames: readonly string[] = []): Body {
  const references: References[] = [];
  try {
    for (const part of texts) {
      for (const statement of grammar.parse(part)) {
        const [kind, tree] = unwrap(child(statement, "stmt")) ?? [];
        if (kind !== "SelectStmt" || !tree) return opaque("it holds statements that do more than read");
        checkParts(tree);
        references.push(referencesOf(tree, argNames));
      }
    }
  } catch (error) {
    if (error instanceof ToolError) return opaque("its text cannot be read, or does more than read");
    throw error;
  }
  return { references, refusal: undefined };
}
