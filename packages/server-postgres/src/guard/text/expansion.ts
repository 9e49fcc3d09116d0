import { child, list, nameParts, type Tree, text, unwrap, walk } from "../../grammar/tree.ts";
import type { Name } from "./relations.ts";
import { refused } from "./statement.ts";

/** The most columns that a query may have after the planner has merged every subquery into its parent. */
const MOST = 50_000;

/**
 * The most subqueries in FROM nested in each other: before PostgreSQL 15, planning time grows with the cube of the
 * depth.
 */
const DEEPEST = 200;
/** For each output column by name, the number of table columns in its expression. */
type Weights = ReadonlyMap<string, number>;

/** A subquery or a view: its output columns, and how deep subqueries are nested in it. */
export interface Inner {
  readonly weights: Weights;
  readonly depth: number;
}
/** What a name in FROM means, if it is not a table. */
type Named = (name: Name) => Inner | undefined;

/** Clauses that make PostgreSQL plan a subquery separately. */
const APART = ["groupClause", "sortClause", "distinctClause"] as const;

/**
 * Refuses nested subqueries in which each level uses the columns of the one below twice or more. The planner expands
 * them, which doubles with each level, and meanwhile checks neither the time limit nor a cancellation.
 * @param views the expansion of the views in it, once they are known
 * @returns the expansion of the query's own columns
 */
export function checkExpansion(query: Tree, views: Named = () => undefined): Inner {
  const found = weightsOf(query, views);
  for (const [kind, node] of walk(query)) {
    const inner = kind === "SubLink" ? child(child(node, "subselect"), "SelectStmt") : undefined;
    if (inner) weightsOf(inner, views);
  }
  return found;
}

function weightsOf(select: Tree, outer: Named): Inner {
  const own = new Map<string, Inner>();
  const scope: Named = (name) => (name.schema === undefined ? own.get(name.name) : undefined) ?? outer(name);
  for (const wrapped of list(child(select, "withClause"), "ctes")) {
    const cte = child(wrapped, "CommonTableExpr");
    const [kind, inner] = unwrap(child(cte, "ctequery")) ?? [];
    if (!inner || kind !== "SelectStmt") continue;
    const { weights, depth } = weightsOf(inner, scope);
    const isApart = text(cte, "ctematerialized") === "CTEMaterializeAlways";
    own.set(
      text(cte, "ctename") ?? "",
      isApart ? NOTHING : { weights: renamed(weights, list(cte, "aliascolnames")), depth },
    );
  }
  const arms = [child(select, "larg"), child(select, "rarg")].flatMap((arm) => (arm ? [weightsOf(arm, scope)] : []));
  if (arms.length > 0) {
    const isPassedOn = text(select, "op") === "SETOP_UNION" && select.all === true;
    return isPassedOn ? anyOf(arms) : { weights: new Map(), depth: deepest(arms) };
  }
  const { sources, conditions } = sourcesOf(select, scope);
  const below = largest(sources);
  const depth = deepest(sources) + 1;
  if (depth > DEEPEST) throw refused(`its subqueries are nested more than ${DEEPEST} deep`, "Write it flatter.");
  const found = new Map<string, number>();
  let total = 0;
  const add = (node: unknown): number => {
    let weight = 0;
    for (const [kind, inner] of walk(node)) {
      if (kind === "ColumnRef") weight += below.get(nameParts(list(inner, "fields")).at(-1) ?? "") ?? 1;
    }
    total += weight;
    if (total <= MOST) return weight;
    throw refused(
      `its subqueries and views use each other's columns so often that the planner would come to more than ${MOST} of them`,
      "Write AS MATERIALIZED in a WITH for the inner ones.",
    );
  };
  for (const wrapped of list(select, "targetList")) {
    const target = child(wrapped, "ResTarget");
    const value = child(target, "val");
    const weight = add(value);
    const fields = nameParts(list(child(value, "ColumnRef"), "fields"));
    if (fields.length > 0 && fields.at(-1) === undefined) for (const [name, each] of below) found.set(name, each);
    const name = text(target, "name") ?? fields.at(-1);
    if (name !== undefined) found.set(name, Math.max(weight, found.get(name) ?? 1));
  }
  const { fromClause: _from, withClause: _with, targetList: _targets, ...others } = select;
  add([others, conditions]);
  const isApart = child(select, "limitCount") || APART.some((clause) => list(select, clause).length > 0);
  return { weights: isApart ? new Map() : found, depth };
}

/** The subqueries and names of a WITH among the sources in FROM, and the expressions there. */
function sourcesOf(select: Tree, scope: Named) {
  const found: Inner[] = [];
  const conditions: Tree[] = [];
  const rest = [...list(select, "fromClause")];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [kind, node] = unwrap(next) ?? [];
    if (!node) continue;
    const names = list(child(node, "alias"), "colnames");
    const inner = child(child(node, "subquery"), "SelectStmt");
    if (kind === "JoinExpr") {
      rest.push(...[child(node, "larg"), child(node, "rarg")].filter((arm) => arm !== undefined));
      conditions.push({ quals: node.quals });
    } else if (inner || kind === "RangeVar") {
      const { weights, depth } = inner ? weightsOf(inner, scope) : (scope(nameOf(node)) ?? NOTHING);
      found.push({ weights: renamed(weights, names), depth });
    } else conditions.push(node);
  }
  return { sources: found, conditions };
}

const nameOf = (table: Tree): Name => ({ schema: text(table, "schemaname"), name: text(table, "relname") ?? "" });

/** Under an alias, any of the columns may be meant. */
function renamed(weights: Weights, aliases: readonly Tree[]): Weights {
  const heaviest = Math.max(1, ...weights.values());
  return aliases.length === 0
    ? weights
    : new Map([...weights, ...nameParts(aliases).map((name) => [name ?? "", heaviest] as const)]);
}

const NOTHING: Inner = { weights: new Map(), depth: 0 };
/** For a name that may mean any of several. */
export const anyOf = (all: readonly Inner[]): Inner => ({ weights: largest(all), depth: deepest(all) });
const deepest = (all: readonly Inner[]) => Math.max(0, ...all.map(({ depth }) => depth));

function largest(all: readonly Inner[]): Weights {
  const found = new Map<string, number>();
  for (const { weights } of all)
    for (const [name, weight] of weights) found.set(name, Math.max(weight, found.get(name) ?? 1));
  return found;
}
