import { child, list, nameParts, type Tree } from "../../grammar/tree.ts";
import { qualified } from "./relations.ts";

/** What is known of an argument's type without asking the server. */
export type Hint =
  | { readonly kind: "any" }
  /** A quoted literal or NULL, which has no type until a function gives it one. */
  | { readonly kind: "literal" }
  | { readonly kind: "type"; readonly names: readonly string[] }
  | { readonly kind: "column"; readonly name: string }
  /** A column of NATURAL JOIN, which two tables share. */
  | { readonly kind: "shared" }
  /** A whole row: `t.f` means `f(t)` if t has no column f. */
  | { readonly kind: "row" };

export const ANY: Hint = { kind: "any" };

/** What a literal, cast or column reveals of its type. */
export function hint(wrapped: Tree | undefined): Hint {
  const named = child(wrapped, "NamedArgExpr");
  const node = named ? child(named, "arg") : wrapped;
  const constant = child(node, "A_Const");
  if (constant) {
    if ("ival" in constant) return { kind: "type", names: ["int4"] };
    if ("boolval" in constant) return { kind: "type", names: ["bool"] };
    if ("bsval" in constant) return { kind: "type", names: ["bit"] };
    if ("fval" in constant) return { kind: "type", names: ["numeric", "int8"] };
    return { kind: "literal" };
  }
  const typeName = child(child(node, "TypeCast"), "typeName");
  if (typeName && list(typeName, "arrayBounds").length === 0) return typeHint(typeName);
  const column = child(node, "ColumnRef");
  const name = column && nameParts(list(column, "fields")).at(-1);
  return name === undefined ? ANY : { kind: "column", name };
}

/** Built-in names, which are found before any other type of the same name. */
const OF_CATALOGUE = new Set(
  "text name date uuid json jsonb bytea oid inet cidr xml money point tsvector tsquery daterange int4range int8range numrange tsrange tstzrange".split(
    " ",
  ),
);

function typeHint(typeName: Tree): Hint {
  const { schema, name } = qualified(nameParts(list(typeName, "names")));
  const isCatalogues = schema === "pg_catalog" || (schema === undefined && OF_CATALOGUE.has(name));
  return { kind: "type", names: [isCatalogues ? name : `${schema ?? ""}.${name}`] };
}

/** Rows are compared part by part. */
export function paired(left: Tree, right: Tree): readonly (readonly Hint[])[] {
  const [a, b] = [child(left, "RowExpr"), child(right, "RowExpr")].map((row) => list(row, "args"));
  if (!a || !b || a.length === 0 || a.length !== b.length) return [[hint(left), hint(right)]];
  return a.map((part, at) => [hint(part), hint(b[at])]);
}

/** The elements of an array. */
export function elements(array: Tree): readonly Hint[] {
  const listed = list(child(array, "A_ArrayExpr"), "elements");
  if (listed.length > 0) return listed.map(hint);
  const typeName = child(child(array, "TypeCast"), "typeName");
  return typeName && list(typeName, "arrayBounds").length > 0 ? [typeHint(typeName)] : [ANY];
}
