import { child, list, nameParts, type Tree, text, walk } from "../../grammar/tree.ts";
import { attribute, type Call, callOf, keyword, settingsOf, typesByValue } from "./calls.ts";
import { makesValues, namesOf, outputNames } from "./columns.ts";
import { ANY, type Hint, hint } from "./hints.ts";
import { doubtfulNames } from "./names.ts";
import { operator, operatorsOf, resolved, subqueryOperators } from "./operators.ts";
import { type Name, qualified, relationsOf } from "./relations.ts";
import { refused } from "./statement.ts";

/** Everything in a query that the server would look up. */
export interface References {
  readonly calls: readonly Call[];
  readonly operators: readonly Call[];
  readonly types: readonly Name[];
  readonly relations: readonly Name[];
  /** Names that the query itself gives to columns, which may have any type. */
  readonly renamed: ReadonlySet<string>;
  /** Whether it has columns named by neither a table nor the query: from functions in FROM, and from expanded rows. */
  readonly hasOtherColumns: boolean;
  /** Whether literals may become values of a column's own type, or rows of a table. */
  readonly makesValues: boolean;
  /** The settings that `current_setting` reads; undefined if a name is not a literal. */
  readonly settings: readonly (string | undefined)[];
  /** Names that the server may read differently than the grammar. */
  readonly doubtful: readonly string[];
}

export const NO_REFERENCES: References = {
  calls: [],
  operators: [],
  types: [],
  relations: [],
  renamed: new Set(),
  hasOtherColumns: false,
  makesValues: false,
  settings: [],
  doubtful: [],
};

/** @param argNames argument names, if the query is the text of an SQL function */
export function referencesOf(query: Tree, argNames: readonly string[] = []): References {
  const calls: Call[] = [];
  const operators: Call[] = [];
  const types: Name[] = [];
  const renamed = new Set<string>();
  let hasOtherColumns = false;
  const rows = rowNames(query, argNames);
  const shared: Hint = makesColumns(query) ? ANY : { kind: "shared" };
  for (const [kind, node] of walk(query)) {
    refuseTemporary(kind, node);
    switch (kind) {
      case "FuncCall":
        calls.push(callOf(node));
        types.push(...typesByValue(node));
        break;
      case "RangeTableSample":
        calls.push({
          ...qualified(nameParts(list(node, "method"))),
          args: [ANY],
          named: [],
          isVariadic: false,
          form: "call",
        });
        break;
      case "RangeVar":
        renamed.add(text(node, "relname") ?? "");
        break;
      case "JsonFuncExpr":
      case "JsonScalarExpr":
      case "JsonSerializeExpr":
      case "JsonParseExpr":
      case "JsonArrayConstructor":
      case "JsonArrayAgg":
      case "MergeSupportFunc":
        calls.push(keyword(kind, node));
        break;
      case "JsonObjectConstructor":
        // Older servers reject the form with pairs.
        if (list(node, "exprs").length === 0) calls.push(keyword(kind, node));
        break;
      case "ColumnRef": {
        const fields = nameParts(list(node, "fields"));
        const last = fields.at(-1);
        if (fields.length > 1 && last !== undefined)
          calls.push(attribute(last, rows.has(fields.at(-2)) ? { kind: "row" } : ANY));
        break;
      }
      case "RangeFunction":
        if (!isSeries(node)) hasOtherColumns = true;
        renamed.add("generate_series").add("ordinality");
        break;
      case "A_Indirection":
        if (list(node, "indirection").some((each) => child(each, "A_Star"))) hasOtherColumns = true;
        for (const name of nameParts(list(node, "indirection"))) {
          if (name !== undefined) calls.push(attribute(name, ANY));
        }
        break;
      case "A_Expr":
        operators.push(...operatorsOf(node));
        break;
      case "SubLink":
        operators.push(...subqueryOperators(node));
        break;
      case "SortBy":
        if (list(node, "useOp").length > 0)
          // `1` and `id` may refer to columns of the result.
          operators.push(operator(list(node, "useOp"), [ANY, ANY]));
        break;
      case "JoinExpr":
        if (node.isNatural === true) operators.push(operator([], [shared, shared], "="));
        for (const name of nameParts(list(node, "usingClause"))) {
          const column: Hint = { kind: "column", name: name ?? "" };
          operators.push(operator([], [column, column], "="));
        }
        break;
      case "CaseExpr":
        for (const when of child(node, "arg") ? list(node, "args") : []) {
          operators.push(
            operator([], [resolved(child(node, "arg")), hint(child(child(when, "CaseWhen"), "expr"))], "="),
          );
        }
        break;
      case "TypeName":
        types.push(qualified(nameParts(list(node, "names"))));
        break;
      case "ResTarget":
      case "RangeTableFuncCol":
      case "JsonTableColumn":
      case "ColumnDef":
        for (const key of ["name", "colname"]) {
          const name = text(node, key);
          if (name !== undefined) renamed.add(name);
        }
        break;
      case "CommonTableExpr":
        renamed.add(text(child(node, "search_clause"), "search_seq_column") ?? "");
        for (const key of ["cycle_mark_column", "cycle_path_column"])
          renamed.add(text(child(node, "cycle_clause"), key) ?? "");
        for (const name of nameParts(list(node, "aliascolnames"))) if (name !== undefined) renamed.add(name);
        for (const name of outputNames(child(child(node, "ctequery"), "SelectStmt"))) renamed.add(name);
        break;
      case "RangeSubselect":
        for (const name of outputNames(child(child(node, "subquery"), "SelectStmt"))) renamed.add(name);
        break;
    }
    const alias = child(node, "alias");
    if (alias) {
      // If a function has only one column, its alias also names the column.
      for (const name of [text(alias, "aliasname"), ...nameParts(list(alias, "colnames"))]) {
        if (name !== undefined) renamed.add(name);
      }
    }
  }
  // `typename(x)` and `(x).typename` are casts if no function has that name.
  for (const { schema, name } of calls) types.push({ schema, name });
  const relations = relationsOf(query);
  // These build rows of a table's type, and so run the checks of its columns' types.
  if (calls.some(({ name }) => /populate_record/.test(name))) types.push(...relations);
  return {
    calls,
    operators,
    types,
    relations,
    renamed,
    hasOtherColumns,
    makesValues: makesValues(query, relations),
    settings: settingsOf(query, calls),
    doubtful: doubtfulNames(query),
  };
}

/** generate_series in FROM, whose only column always has a name visible in the query. */
function isSeries(node: Tree): boolean {
  const functions = list(node, "functions");
  const call = child(list(child(functions[0], "List"), "items")[0], "FuncCall");
  return functions.length === 1 && nameParts(list(call, "funcname")).at(-1) === "generate_series";
}

/** Whether the query names columns that no table has. */
const makesColumns = (query: Tree): boolean =>
  [...walk(query)].some(
    ([kind, node]) =>
      kind === "CommonTableExpr" || kind === "RangeSubselect" || list(child(node, "alias"), "colnames").length > 0,
  );

/**
 * Names that always mean rows of a table or a subquery in this query. The name of a function in FROM, or of an argument
 * of an SQL function, may mean a single value: `g.f` is then `f(g)` for any type.
 */
function rowNames(query: Tree, argNames: readonly string[]): ReadonlySet<string | undefined> {
  const rows = new Set<string | undefined>();
  const others = new Set<string | undefined>(argNames);
  for (const [kind, node] of walk(query)) {
    const name = text(child(node, "alias"), "aliasname");
    if (kind === "RangeVar") rows.add(name ?? text(node, "relname"));
    else if (kind === "RangeSubselect" || kind === "JoinExpr") rows.add(name);
    else others.add(name);
    // Without an alias, a function in FROM is named after its expression.
    if (kind === "RangeFunction" && name === undefined) for (const each of namesOf([node])) others.add(each);
  }
  return new Set([...rows].filter((name) => !others.has(name)));
}

/** A pooler's session may contain a stranger's temporary objects, under a name that the catalogue does not have. */
function refuseTemporary(kind: string, node: Tree): void {
  const lists = [
    list(node, "funcname"),
    list(node, "names"),
    list(node, "name"),
    list(node, "operName"),
    list(node, "useOp"),
  ];
  const schemas = [
    kind === "RangeVar" ? text(node, "schemaname") : undefined,
    ...lists.map((names) => qualified(nameParts(names)).schema),
  ];
  if (schemas.some((schema) => schema?.startsWith("pg_temp")))
    throw refused("pg_temp holds what a session made for itself");
}
