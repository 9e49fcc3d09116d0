import type { Param } from "../../connection/types.ts";
import { child, isTree, list, nameParts, type Tree, text, unwrap, walk } from "../../grammar/tree.ts";
import { ANY_COUNT, callSize, constantSize, most, ofText, operatorSize, type Size, sum } from "./sizes.ts";
import { refused } from "./statement.ts";

/** Limit in bytes for a statement's constants while it is planned. The server's time limit has no effect there. */
const MOST = 64 << 20;
/** Expressions nested deeper are assumed to be of any size. */
const DEEPEST = 1500;
/**
 * Refuses constant expressions that PostgreSQL would compute while planning with a large part of its memory, such as
 * `repeat('x', 100000000)`.
 */
export function checkConstants(query: Tree, params: readonly Param[] | undefined): void {
  const sizes = createSizes(query, params);
  let total = 0;
  for (const [kind, node] of walk(query)) {
    if (!grows(kind, node)) continue;
    total += sizes({ [kind]: node }, 0)?.bytes ?? 0;
    if (total <= MOST) continue;
    const what = kind === "FuncCall" ? `${nameParts(list(node, "funcname")).at(-1)}()` : "an expression";
    throw refused(
      `${what} of constants would grow to more than ${MOST >> 20} MB in the server's memory before the query runs`,
      "Use smaller constants.",
    );
  }
}

const GROWING = new Set([
  "repeat",
  "lpad",
  "rpad",
  "array_fill",
  "replace",
  "regexp_replace",
  "format",
  "concat",
  "concat_ws",
]);

function grows(kind: string, node: Tree): boolean {
  if (kind === "FuncCall") return GROWING.has(nameParts(list(node, "funcname")).at(-1) ?? "");
  if (kind === "A_Expr") return nameParts(list(node, "name")).at(-1) === "||";
  return kind === "TypeCast" && list(child(node, "typeName"), "typmods").length > 0;
}

type Sizes = (node: Tree | undefined, depth: number) => Size | undefined;

/** The size of an expression; undefined if it is not constant, so that nothing is computed beforehand. */
function createSizes(query: Tree, params: readonly Param[] | undefined): Sizes {
  const named = namedConstants(query);
  const known = new WeakMap<Tree, Size | undefined>();
  const sizes: Sizes = (wrapped, depth) => {
    const [kind, node] = unwrap(wrapped) ?? [];
    if (kind === undefined || !node) return undefined;
    if (known.has(node)) return known.get(node);
    // An expression that refers to itself, as in a recursive WITH, is not constant.
    known.set(node, undefined);
    const size =
      depth > DEEPEST ? { bytes: Number.POSITIVE_INFINITY, number: ANY_COUNT } : sizeOf(kind, node, depth + 1);
    known.set(node, size);
    return size;
  };
  const all = (nodes: readonly Tree[], depth: number): readonly Size[] | undefined => {
    const found = nodes.map((each) => sizes(each, depth));
    return found.every((size) => size !== undefined) ? found : undefined;
  };
  const widest = (nodes: readonly Tree[], depth: number): Size | undefined => {
    // A constant arm of a CASE or a COALESCE is computed even if the others are not constant.
    const found = nodes.flatMap((each) => sizes(each, depth) ?? []);
    return found.length > 0 ? { bytes: most(found, "bytes"), number: most(found, "number") } : undefined;
  };

  function sizeOf(kind: string, node: Tree, depth: number): Size | undefined {
    switch (kind) {
      case "A_Const":
        return constantSize(node);
      case "ParamRef":
        return params && ofText(params[Number(node.number) - 1] ?? "");
      case "NamedArgExpr":
      case "CollateClause":
      case "A_Indirection":
        return sizes(child(node, "arg"), depth);
      case "TypeCast": {
        const size = sizes(child(node, "arg"), depth);
        const [length] = list(child(node, "typeName"), "typmods").map((each) => sizes(each, depth)?.number ?? 0);
        return size && { ...size, bytes: Math.max(size.bytes, length ?? 0) };
      }
      case "A_ArrayExpr":
      case "RowExpr": {
        const parts = all(list(node, kind === "RowExpr" ? "args" : "elements"), depth);
        return parts && { bytes: sum(parts) + 24, number: ANY_COUNT };
      }
      case "CoalesceExpr":
      case "MinMaxExpr":
        return widest(list(node, "args"), depth);
      case "CaseExpr": {
        const results = list(node, "args").map((each) => child(child(each, "CaseWhen"), "result"));
        return widest([...results, child(node, "defresult")].filter(isTree), depth);
      }
      case "A_Expr": {
        const parts = all([child(node, "lexpr"), child(node, "rexpr")].filter(isTree), depth);
        return parts && operatorSize(nameParts(list(node, "name")).at(-1) ?? "", parts);
      }
      case "ColumnRef": {
        const name = nameParts(list(node, "fields")).at(-1) ?? "";
        return widest(named.get(name) ?? [], depth);
      }
      case "FuncCall": {
        const args = list(node, "args");
        const parts = all(args, depth);
        return (
          parts && callSize(nameParts(list(node, "funcname")).at(-1) ?? "", parts, args, (each) => all(each, depth))
        );
      }
      default:
        return undefined;
    }
  }
  return sizes;
}

/** Named expressions in the query: one that is inlined when a subquery is merged is constant too. */
function namedConstants(query: Tree): ReadonlyMap<string, readonly Tree[]> {
  const named = new Map<string, Tree[]>();
  const add = (name: string | undefined, node: Tree | undefined) => {
    if (name === undefined || !node) return;
    const found = named.get(name);
    if (found) found.push(node);
    else named.set(name, [node]);
  };
  const addColumns = (names: readonly (string | undefined)[], select: Tree | undefined) => {
    names.forEach((name, at) => {
      add(name, child(child(list(select, "targetList")[at], "ResTarget"), "val"));
      for (const row of rowsOf(select)) add(name, row[at]);
    });
  };
  for (const [kind, node] of walk(query)) {
    if (kind === "ResTarget") add(text(node, "name"), child(node, "val"));
    else if (kind === "SelectStmt")
      for (const row of rowsOf(node)) row.forEach((each, at) => void add(`column${at + 1}`, each));
    else if (kind === "RangeSubselect") {
      addColumns(nameParts(list(child(node, "alias"), "colnames")), child(child(node, "subquery"), "SelectStmt"));
    } else if (kind === "CommonTableExpr") {
      addColumns(nameParts(list(node, "aliascolnames")), child(child(node, "ctequery"), "SelectStmt"));
    }
  }
  return named;
}

const rowsOf = (select: Tree | undefined): readonly (readonly Tree[])[] =>
  list(select, "valuesLists").map((row) => list(child(row, "List"), "items"));
