import { child, list, nameParts, type Tree, text } from "../../grammar/tree.ts";
import type { Call } from "./calls.ts";
import { elements, type Hint, hint, paired } from "./hints.ts";
import { qualified } from "./relations.ts";

/** Operators that are implied by the syntax: in IN, CASE, USING, NATURAL, NULLIF, BETWEEN, DISTINCT. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  AEXPR_BETWEEN: [">=", "<="],
  AEXPR_NOT_BETWEEN: ["<", ">"],
  AEXPR_BETWEEN_SYM: [">=", "<="],
  AEXPR_NOT_BETWEEN_SYM: ["<", ">"],
};

/** The type of a literal that stands alone, without a value to compare it with. */
export function resolved(node: Tree | undefined): Hint {
  const found = hint(node);
  return found.kind === "literal" ? { kind: "type", names: ["text"] } : found;
}

export function operatorsOf(node: Tree): readonly Call[] {
  const kind = text(node, "kind") ?? "";
  const [left, right] = [child(node, "lexpr"), child(node, "rexpr")];
  const names = list(node, "name");
  if (!left || !right) return [operator(names, [hint(left ?? right)])];
  const implied = IMPLIED[kind];
  const items = list(child(right, "List"), "items");
  if (implied) return implied.flatMap((name) => items.map((item) => operator([], [hint(left), hint(item)], name)));
  if (kind === "AEXPR_IN") return items.flatMap((item) => paired(left, item).map((args) => operator(names, args)));
  if (kind === "AEXPR_OP_ANY" || kind === "AEXPR_OP_ALL")
    return elements(right).map((each) => operator(names, [hint(left), each]));
  return paired(left, right).map((args) => operator(names, args));
}

/** For `x = ANY (SELECT …)`: compares each part of x with a column of the subquery. */
export function subqueryOperators(node: Tree): readonly Call[] {
  const test = child(node, "testexpr");
  if (!test) return [];
  const parts = list(child(test, "RowExpr"), "args");
  const targets = list(child(child(node, "subselect"), "SelectStmt"), "targetList").map((each) =>
    child(child(each, "ResTarget"), "val"),
  );
  const left = parts.length > 0 ? parts : [test];
  return left.map((part, at) => operator(list(node, "operName"), [hint(part), resolved(targets[at])], "="));
}

export function operator(nodes: readonly Tree[], args: readonly Hint[], fallback = ""): Call {
  const { schema, name } = nodes.length > 0 ? qualified(nameParts(nodes)) : { schema: undefined, name: fallback };
  return { schema, name, args, named: [], isVariadic: false, form: "operator" };
}
