import { ToolError } from "@org/server-kit";
import { type Grammar, loadGrammar } from "../grammar/parse.ts";
import { child, list, nameParts, type Tree, text, unwrap } from "../grammar/tree.ts";
import { nodesOf, type PlanNode } from "../plan/nodes.ts";

/** How a condition could use an index. */
export type Way = "equal" | "range" | "contains" | "similar";

export interface Use {
  /** The column, and a function that is applied before comparing: `lower`. */
  readonly column: string;
  readonly wrapper: string | undefined;
  readonly way: Way;
}

/** How a plan uses one table. */
export interface TableUse {
  readonly schema: string;
  readonly table: string;
  readonly alias: string;
  /** Whether the plan reads the whole table. */
  readonly isScanned: boolean;
  /** The planner's estimate of the remaining rows. */
  readonly kept: number;
  readonly filters: readonly Use[];
  /** Columns that are compared with those of another table. */
  readonly joins: readonly Use[];
  /** Columns that rows are sorted by, if all of them are in this table and only some rows are wanted. */
  readonly sort: readonly { readonly column: string; readonly descending: boolean }[];
}

interface Found extends Use {
  readonly alias: string;
  readonly isJoin: boolean;
}

/** How a plan, made with VERBOSE, uses each of its tables; parsed from the conditions as PostgreSQL prints them. */
export async function usesOf(root: Tree): Promise<TableUse[]> {
  const grammar = await loadGrammar();
  const nodes = nodesOf(root);
  const found = nodes.flatMap(({ tree }) => CONDITIONS.flatMap((key) => conditions(grammar, text(tree, key))));
  const isLimited = nodes.some(({ tree }) => text(tree, "Node Type") === "Limit");
  const sort = isLimited ? nodes.flatMap(({ tree }) => sortOf(tree)) : [];
  return nodes.flatMap((node) => tableUse(node, found, sort) ?? []);
}

const CONDITIONS = ["Filter", "Hash Cond", "Merge Cond", "Join Filter", "Recheck Cond", "Index Cond"];
const SCANS = new Set(["Seq Scan", "Bitmap Heap Scan", "Index Scan", "Index Only Scan"]);

function tableUse(
  { tree, plannedRows }: PlanNode,
  found: readonly Found[],
  sort: readonly SortKey[],
): TableUse | undefined {
  const [schema, table, alias, type = ""] = ["Schema", "Relation Name", "Alias", "Node Type"].map((key) =>
    text(tree, key),
  );
  if (schema === undefined || table === undefined || alias === undefined || !SCANS.has(type)) return undefined;
  const own = found.filter((one) => one.alias === alias);
  return {
    schema,
    table,
    alias,
    isScanned: type === "Seq Scan",
    kept: plannedRows,
    filters: own.filter(({ isJoin }) => !isJoin),
    joins: own.filter(({ isJoin, way }) => isJoin && way === "equal"),
    sort: sort.every((key) => key.alias === alias) ? sort : [],
  };
}

/** Comparisons joined by AND. A condition that is not valid SQL, because it refers to a subplan, yields none. */
function conditions(grammar: Grammar, condition: string | undefined): Found[] {
  const where = condition === undefined ? undefined : expression(grammar, `SELECT 1 WHERE ${condition}`, "whereClause");
  const found: Found[] = [];
  const rest = where ? [where] : [];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [kind, node] = unwrap(next) ?? [];
    if (kind === "BoolExpr" && text(node, "boolop") === "AND_EXPR") rest.push(...list(node, "args"));
    else if (kind === "A_Expr") found.push(...comparison(node));
    else if (kind === "NullTest" && text(node, "nulltesttype") === "IS_NULL") {
      const column = columnIn(child(node, "arg"));
      if (column) found.push({ ...column, way: "equal", isJoin: false });
    }
  }
  return found;
}

function expression(grammar: Grammar, sql: string, key: string): Tree | undefined {
  try {
    const [statement] = grammar.parse(sql);
    return child(child(child(statement, "stmt"), "SelectStmt"), key);
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

const WAYS: Readonly<Record<string, Way>> = {
  "=": "equal",
  "<": "range",
  ">": "range",
  "<=": "range",
  ">=": "range",
  "@>": "contains",
  "&&": "contains",
  "?": "contains",
  "@@": "contains",
  "~~": "similar",
  "~~*": "similar",
};

function comparison(node: Tree | undefined): Found[] {
  const operator = nameParts(list(node, "name")).at(-1) ?? "";
  const way = WAYS[operator];
  if (way === undefined) return [];
  const [left, right] = [columnIn(child(node, "lexpr")), columnIn(child(node, "rexpr"))];
  const isJoin = left !== undefined && right !== undefined;
  if (isJoin && left.alias === right.alias) return [];
  return [left, right].flatMap((column) => (column ? [{ ...column, way, isJoin }] : []));
}

/** `o.customer_id`, `(c.email)::text` or `lower(c.email)`. */
function columnIn(tree: Tree | undefined): Omit<Found, "way" | "isJoin"> | undefined {
  const [kind, node] = unwrap(tree) ?? [];
  if (kind === "TypeCast") return columnIn(child(node, "arg"));
  if (kind === "ColumnRef") {
    const [alias, column, ...rest] = nameParts(list(node, "fields"));
    return alias !== undefined && column !== undefined && rest.length === 0
      ? { alias, column, wrapper: undefined }
      : undefined;
  }
  const [argument, ...others] = list(node, "args");
  if (kind !== "FuncCall" || others.length > 0) return undefined;
  const inner = columnIn(argument);
  const wrapper = nameParts(list(node, "funcname")).at(-1);
  return inner && inner.wrapper === undefined && wrapper !== undefined ? { ...inner, wrapper } : undefined;
}

type SortKey = TableUse["sort"][number] & { readonly alias: string };

/** `["o.placed_at DESC"]`; empty if one key is more than a column. */
function sortOf(tree: Tree): SortKey[] {
  const keys: unknown = text(tree, "Node Type") === "Sort" ? tree["Sort Key"] : [];
  const texts = Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
  const read = texts.map((key): SortKey | undefined => {
    const [, alias, column, order] = /^(\w+)\.(\w+)( DESC)?$/.exec(key) ?? [];
    return alias !== undefined && column !== undefined ? { alias, column, descending: order !== undefined } : undefined;
  });
  return read.every((key) => key !== undefined) ? read : [];
}
