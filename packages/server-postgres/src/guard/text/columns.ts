import { child, list, nameParts, type Tree, walk } from "../../grammar/tree.ts";

/** Names that PostgreSQL gives to columns that are computed by expressions with names of their own. */
const KEYWORDS =
  `array case coalesce current_catalog current_date current_role current_schema current_time current_timestamp current_user
  exists greatest grouping json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
  json_serialize json_value least localtime localtimestamp merge_action nullif row session_user system_user user xmlconcat
  xmlelement xmlforest xmlparse xmlpi xmlroot xmlserialize`.split(/\s+/);

/** Names that columns of a subquery may have although their types are not those of the tables' columns: `id::text` is an id. */
export function outputNames(select: Tree | undefined): readonly string[] {
  const arms = [child(select, "larg"), child(select, "rarg")].filter((arm) => arm !== undefined);
  const targets = list(select, "targetList").map((each) => child(child(each, "ResTarget"), "val"));
  const computed = targets.filter((value) => !child(value, "ColumnRef"));
  const values = list(child(list(select, "valuesLists")[0], "List"), "items").map((_, at) => `column${at + 1}`);
  return [
    ...arms.flatMap((arm) => [...outputNames(arm), ...namesIn(list(arm, "targetList"))]),
    ...(computed.length > 0 ? [...KEYWORDS, ...namesIn(computed)] : []),
    ...values,
  ];
}

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
