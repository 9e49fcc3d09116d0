import { child, list, nameParts, type Tree, text, walk } from "../../grammar/tree.ts";
import type { Name } from "./relations.ts";

/** Names that PostgreSQL gives to the columns of expressions that are keywords. */
const KEYWORDS =
  `array case coalesce current_catalog current_date current_role current_schema current_time current_timestamp current_user
  exists greatest grouping json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
  json_serialize json_value least localtime localtimestamp merge_action nullif row session_user system_user user xmlconcat
  xmlelement xmlforest xmlparse xmlpi xmlroot xmlserialize ?column?`.split(/\s+/);

/** Columns of a view may have these names too, and any type. */
export const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"]);

/** Names that a subquery's columns may have with other types than in the tables: `id::text` is an id. */
export function outputNames(select: Tree | undefined): readonly string[] {
  const arms = [child(select, "larg"), child(select, "rarg")].filter((arm) => arm !== undefined);
  const targets = list(select, "targetList").map((each) => child(child(each, "ResTarget"), "val"));
  const computed = targets.filter((value) => !child(value, "ColumnRef"));
  const values = list(child(list(select, "valuesLists")[0], "List"), "items").map((_, at) => `column${at + 1}`);
  return [
    ...arms.flatMap((arm) => [...outputNames(arm), ...namesIn(list(arm, "targetList"))]),
    ...(computed.length > 0 ? namesOf(computed) : []),
    ...values,
  ];
}

/** Names that PostgreSQL may give to the columns of expressions. */
export const namesOf = (values: readonly (Tree | undefined)[]): readonly string[] => [...KEYWORDS, ...namesIn(values)];

function namesIn(value: unknown): readonly string[] {
  const lists: Readonly<Record<string, string>> = {
    ColumnRef: "fields",
    FuncCall: "funcname",
    TypeName: "names",
    A_Indirection: "indirection",
  };
  return [...walk(value)].flatMap(([kind, node]) => {
    const key = lists[kind];
    return key === undefined ? [] : nameParts(list(node, key)).filter((name) => name !== undefined);
  });
}

/** These convert values to a common type, so that a literal next to rows of a table becomes such a row. */
const COMMON_TYPES = new Set(["CaseExpr", "CoalesceExpr", "MinMaxExpr"]);

/**
 * Whether literals may become values of a column's own type, as in `ARRAY[c] = '{x}'`, or rows of a table, as in
 * `coalesce(t, '(x)')`: both run the checks of domains.
 */
export function makesValues(query: Tree, relations: readonly Name[]): boolean {
  const tables = new Set(relations.map(({ name }) => name));
  const names = new Set<string>();
  const listed = new Set<Tree>();
  const isUnion = (select: Tree) => child(select, "larg") !== undefined || list(select, "valuesLists").length > 0;
  let hasRows = false;
  let hasCommonTypes = isUnion(query);
  for (const [kind, node] of walk(query)) {
    if (kind === "A_ArrayExpr" || text(node, "subLinkType") === "ARRAY_SUBLINK") return true;
    if (COMMON_TYPES.has(kind) || text(node, "kind") === "AEXPR_IN" || (kind === "SelectStmt" && isUnion(node)))
      hasCommonTypes = true;
    tables.add(text(child(node, "alias"), "aliasname") ?? "");
    const value = kind === "ResTarget" ? child(child(node, "val"), "ColumnRef") : undefined;
    if (value) listed.add(value);
    if (kind !== "ColumnRef") continue;
    const [name, ...rest] = nameParts(list(node, "fields"));
    if (name !== undefined && rest.length === 0) names.add(name);
    // `t.*` is a row, except in the select list.
    else if (rest.includes(undefined) && !listed.has(node)) hasRows = true;
  }
  return hasCommonTypes && (hasRows || [...names].some((name) => tables.has(name)));
}
