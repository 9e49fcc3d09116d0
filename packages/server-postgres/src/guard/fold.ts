import type { Param } from "../connection/types.ts";
import { refused } from "./statement.ts";
import { child, isTree, list, nameParts, type Tree, text, unwrap, walk } from "./tree.ts";

/** Bytes that the constants of a statement may grow to while it is planned. No time limit of the server's holds there. */
const MOST = 64 << 20;
/** Deeper expressions are taken to have any size. */
const DEEPEST = 1500;
/** A number of repetitions is an integer of 32 bits. */
const ANY_COUNT = 2 ** 31;

/** The most that a constant expression can come to: bytes of its text, and its number. */
interface Size {
  readonly bytes: number;
  readonly number: number;
  /** The number itself, where it is known and not only bounded. */
  readonly exact?: number;
}

/**
 * Refuses what PostgreSQL would compute while planning and that would take a large part of its memory, such as
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

/** The size of an expression; undefined for one that is no constant, so that nothing of it is computed beforehand. */
function createSizes(query: Tree, params: readonly Param[] | undefined): Sizes {
  const named = namedConstants(query);
  const known = new WeakMap<Tree, Size | undefined>();
  const sizes: Sizes = (wrapped, depth) => {
    const [kind, node] = unwrap(wrapped) ?? [];
    if (kind === undefined || !node) return undefined;
    if (known.has(node)) return known.get(node);
    // Asked again while it is being computed, as in a recursive WITH, it is no constant.
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
    // One constant arm of a CASE or a COALESCE is computed, whatever the others are.
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

const sum = (parts: readonly Size[]) => parts.reduce((total, { bytes }) => total + bytes, 0);
const most = (parts: readonly Size[], key: "bytes" | "number") => Math.max(...parts.map((part) => part[key]));

function ofText(literal: string): Size {
  const number = Number(literal.trim().replaceAll("_", "") || Number.NaN);
  return { bytes: Buffer.byteLength(literal), ...(Number.isNaN(number) ? { number: ANY_COUNT } : ofNumber(number)) };
}

/** `numeric` keeps up to 131,072 digits. */
const digits = (number: number) => (number > 1e300 ? 150_000 : 32 + Math.log10(number + 1));

const ofNumber = (number: number) => ({ number: Math.abs(number), exact: number });
const bounded = (number: number): Size => ({ bytes: digits(number), number });
const exactly = (number: number): Size => ({ bytes: digits(Math.abs(number)), ...ofNumber(number) });

function constantSize(node: Tree): Size {
  const integer = child(node, "ival");
  if (integer) return exactly(Number(integer.ival ?? 0));
  const float = text(child(node, "fval"), "fval");
  if (float !== undefined) return exactly(Number(float.replaceAll("_", "")));
  const string = text(child(node, "sval"), "sval") ?? text(child(node, "bsval"), "bsval") ?? "";
  return ofText(string);
}

function operatorSize(name: string, parts: readonly Size[]): Size {
  const [left, right] = parts;
  if (!left) return bounded(ANY_COUNT);
  if (!right) return name === "-" && left.exact !== undefined ? exactly(-left.exact) : left;
  if (name === "||") return { bytes: left.bytes + right.bytes, number: ANY_COUNT };
  const [a, b] = [left.exact, right.exact];
  const isExact = a !== undefined && b !== undefined;
  switch (name) {
    case "+":
      return isExact ? exactly(a + b) : bounded(left.number + right.number);
    case "-":
      return isExact ? exactly(a - b) : bounded(left.number + right.number);
    case "*":
      return isExact ? exactly(a * b) : bounded(left.number * right.number);
    case "/":
      return isExact ? exactly(a / b) : b !== undefined && Math.abs(b) >= 1 ? bounded(left.number) : bounded(ANY_COUNT);
    case "%":
      return bounded(Math.min(left.number, right.number));
    case "^":
      return isExact ? exactly(a ** b) : bounded(left.number ** right.number);
    default:
      return { bytes: left.bytes + right.bytes, number: ANY_COUNT };
  }
}

const OF_LENGTH =
  /^(length|char_length|character_length|octet_length|bit_length|strpos|position|cardinality|array_length)$/;
const OF_NUMBER = /^(abs|ceil|ceiling|floor|round|trunc|sign|int2|int4|int8|numeric|float8|sqrt|ln|log|mod|div)$/;
const CALENDAR = /^(day|dow|isodow|doy|hour|minute|month|quarter|second|week)$/i;

function callSize(
  name: string,
  parts: readonly Size[],
  args: readonly Tree[],
  all: (nodes: readonly Tree[]) => readonly Size[] | undefined,
): Size {
  const [first, second, third] = parts;
  const count = Math.min(second?.number ?? 0, ANY_COUNT);
  const total = sum(parts);
  switch (name) {
    case "repeat":
      return { bytes: (second?.exact ?? 1) <= 0 ? 0 : (first?.bytes ?? 0) * count, number: ANY_COUNT };
    case "lpad":
    case "rpad":
      return { bytes: (second?.exact ?? 1) <= 0 ? 0 : count * 4, number: ANY_COUNT };
    case "array_fill": {
      const lengths = all(list(child(args[1], "A_ArrayExpr"), "elements"))?.map(({ number }) => number) ?? [ANY_COUNT];
      return {
        bytes: lengths.reduce((product, length) => product * length, 8 + (first?.bytes ?? 0)),
        number: ANY_COUNT,
      };
    }
    case "replace":
    case "regexp_replace": {
      const each = name === "replace" ? (third?.bytes ?? 0) : (third?.bytes ?? 0) * 2;
      return { bytes: (first?.bytes ?? 0) * Math.max(1, each), number: ANY_COUNT };
    }
    case "format": {
      const widths = [...(text(child(child(args[0], "A_Const"), "sval"), "sval") ?? "").matchAll(/%[-\d$]*?(\d+)/g)];
      return { bytes: widths.reduce((bytes, [, width]) => bytes + Number(width), total), number: ANY_COUNT };
    }
    case "power":
    case "pow":
      return bounded((first?.number ?? 0) ** (second?.number ?? 0));
    case "ascii":
      return bounded(0x10ffff);
    case "date_part":
    case "extract": {
      const field = text(child(child(args[0], "A_Const"), "sval"), "sval") ?? "";
      return bounded(CALENDAR.test(field) ? 366 : ANY_COUNT);
    }
  }
  if (OF_LENGTH.test(name)) return bounded((first?.bytes ?? 0) * 8);
  if (OF_NUMBER.test(name)) return first ? { ...first, bytes: digits(first.number) } : bounded(ANY_COUNT);
  return { bytes: total * 2 + 64, number: ANY_COUNT };
}

/** Expressions by the names that the query gives them: what is inlined when a subquery is pulled up is constant too. */
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
