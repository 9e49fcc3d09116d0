import { child, list, nameParts, type Tree, text, walk } from "../../grammar/tree.ts";
import { ANY, type Hint, hint } from "./hints.ts";
import { type Name, qualified } from "./relations.ts";
import { refused } from "./statement.ts";

/** A function or operator that a query names, with what is known of its arguments. */
export interface Call {
  readonly schema: string | undefined;
  readonly name: string;
  readonly args: readonly Hint[];
  readonly named: readonly string[];
  readonly isVariadic: boolean;
  /** Its form in the text, for the words of a refusal. */
  readonly form: "call" | "attribute" | "row attribute" | "operator";
}

export function callOf(node: Tree): Call {
  const { schema: written, name } = qualified(nameParts(list(node, "funcname")));
  // The grammar puts this function in the catalogue, but before PostgreSQL 16 it is a name like any other.
  const schema = name === "json_object" ? undefined : written;
  const args = list(node, "args");
  const ordered =
    node.agg_within_group === true ? list(node, "agg_order").map((sort) => child(child(sort, "SortBy"), "node")) : [];
  const named = args.flatMap((arg) => text(child(arg, "NamedArgExpr"), "name") ?? []);
  return {
    schema,
    name,
    args: [...args.map(hint), ...ordered.map(hint)],
    named,
    isVariadic: node.func_variadic === true,
    form: "call",
  };
}

/** `pg_input_is_valid('x', 'app.positive')` runs the checks of a type; unless it is a literal, it could be any type. */
export function typesByValue(node: Tree): readonly Name[] {
  const { name } = qualified(nameParts(list(node, "funcname")));
  if (!/^pg_input_(is_valid|error_info)$/.test(name)) return [];
  const literal = literalIn(list(node, "args")[1]);
  // Without comments and escapes, the names can be found in the text.
  if (literal === undefined || !/^(?:[\w\s.,()[\]]|"\w+"(?!"))+$/.test(literal))
    throw refused(
      `${name}() needs the name of its type as a plain literal`,
      "Write the type as 'name' or 'schema.name'.",
    );
  return [...literal.matchAll(/"(\w+)"|\w+/g)].map(([word, quoted]) => ({
    schema: undefined,
    name: (quoted ?? word.toLowerCase()).slice(0, 63),
  }));
}

const literalIn = (node: Tree | undefined) => text(child(child(node, "A_Const"), "sval"), "sval");

/** Syntax that the grammar knows, but that calls a user's function on servers before PostgreSQL 16 or 17, which lack it. */
export function keyword(kind: string, node: Tree): Call {
  const [name, count] =
    kind === "JsonFuncExpr"
      ? [(text(node, "op") ?? "").toLowerCase().replace(/_op$/, ""), 2]
      : (KEYWORDS[kind] ?? ["json_array", list(node, "exprs").length]);
  return { schema: undefined, name, args: Array<Hint>(count).fill(ANY), named: [], isVariadic: false, form: "call" };
}

const KEYWORDS: Readonly<Record<string, readonly [name: string, count: number]>> = {
  JsonObjectConstructor: ["json_object", 0],
  JsonScalarExpr: ["json_scalar", 1],
  JsonSerializeExpr: ["json_serialize", 1],
  JsonParseExpr: ["json", 1],
  JsonArrayAgg: ["json_arrayagg", 1],
  MergeSupportFunc: ["merge_action", 0],
};

export const attribute = (name: string, arg: Hint): Call => ({
  schema: undefined,
  name,
  args: [arg],
  named: [],
  isVariadic: false,
  form: arg.kind === "row" ? "row attribute" : "attribute",
});

/** The settings that `current_setting` reads; undefined if a name is not a literal. */
export function settingsOf(query: Tree, calls: readonly Call[]): readonly (string | undefined)[] {
  const asked = calls.filter(({ name }) => name === "current_setting");
  const literals = [...walk(query)].flatMap(([kind, node]) =>
    kind === "FuncCall" && nameParts(list(node, "funcname")).at(-1) === "current_setting"
      ? [literalIn(list(node, "args")[0])]
      : [],
  );
  return asked.some(({ form }) => form === "attribute") ? [undefined, ...literals] : literals;
}
