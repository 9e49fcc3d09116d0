import { child, list, type Tree, text } from "../../grammar/tree.ts";

export interface Name {
  readonly schema: string | undefined;
  readonly name: string;
}

export function qualified(parts: readonly (string | undefined)[]): Name {
  return { schema: parts.at(-2), name: parts.at(-1) ?? "" };
}

/** The tables and views that a query names, by the scope of its WITH clauses: a name of a WITH is no table. */
export function relationsOf(query: Tree): readonly Name[] {
  const found: Name[] = [];
  const rest: (readonly [value: unknown, scope: ReadonlySet<string>])[] = [[query, new Set()]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [value, scope] = next;
    if (Array.isArray(value)) {
      for (const inner of value) rest.push([inner, scope]);
      continue;
    }
    if (typeof value !== "object" || value === null) continue;
    const tree: Tree = { ...value };
    const range = child(tree, "RangeVar");
    if (range) {
      const [schema, name = ""] = [text(range, "schemaname"), text(range, "relname")];
      if (schema !== undefined || !scope.has(name)) found.push({ schema, name });
    }
    const { withClause, ...others } = tree;
    const inner = withClause === undefined ? scope : scopeOf(child(tree, "withClause"), scope, rest);
    for (const part of Object.values(others)) rest.push([part, inner]);
  }
  return found;
}

/** Without RECURSIVE, a query in a WITH sees those before it: in `WITH t AS (SELECT … FROM t)` the inner t is the table. */
function scopeOf(
  clause: Tree | undefined,
  outer: ReadonlySet<string>,
  rest: (readonly [unknown, ReadonlySet<string>])[],
): ReadonlySet<string> {
  const members = list(clause, "ctes").map((cte) => child(cte, "CommonTableExpr"));
  const all = new Set([...outer, ...members.map((member) => text(member, "ctename") ?? "")]);
  const seen = new Set(outer);
  for (const member of members) {
    rest.push([member, clause?.recursive === true ? all : new Set(seen)]);
    seen.add(text(member, "ctename") ?? "");
  }
  return all;
}
