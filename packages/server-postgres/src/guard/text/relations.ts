import { child, list, type Tree, text } from "../../grammar/tree.ts";

export interface Name {
  readonly schema: string | undefined;
  readonly name: string;
}

export function qualified(parts: readonly (string | undefined)[]): Name {
  return { schema: parts.at(-2), name: parts.at(-1) ?? "" };
}

/** Whether a name refers to a query of a WITH. */
type Scope = (name: string) => boolean;
type Rest = (readonly [value: unknown, scope: Scope])[];

/** The tables and views that a query names. A name in the scope of a WITH clause that defines it is not a table. */
export function relationsOf(query: Tree): readonly Name[] {
  const found: Name[] = [];
  const rest: Rest = [[query, () => false]];
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
      if (schema !== undefined || !scope(name)) found.push({ schema, name });
    }
    const { withClause, ...others } = tree;
    const inner = withClause === undefined ? scope : scopeOf(child(tree, "withClause"), scope, rest);
    for (const part of Object.values(others)) rest.push([part, inner]);
  }
  return found;
}

/**
 * Without RECURSIVE, a query in a WITH only sees those before it: in `WITH t AS (SELECT … FROM t)`, the inner t is the
 * table.
 */
function scopeOf(clause: Tree | undefined, outer: Scope, rest: Rest): Scope {
  const members = list(clause, "ctes").map((cte) => child(cte, "CommonTableExpr"));
  const places = new Map<string, number>();
  members.forEach((member, at) => {
    const name = text(member, "ctename") ?? "";
    if (!places.has(name)) places.set(name, at);
  });
  const before =
    (end: number): Scope =>
    (name) =>
      (places.get(name) ?? end) < end || outer(name);
  const all = before(members.length);
  members.forEach((member, at) => void rest.push([member, clause?.recursive === true ? all : before(at)]));
  return all;
}
