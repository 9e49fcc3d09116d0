import { child, list, type Tree, text } from "../grammar/tree.ts";

/** A node of a plan with its own cost, without the nodes below it. */
export interface PlanNode {
  readonly depth: number;
  readonly tree: Tree;
  /** `Index Scan using users_pkey on users u`. */
  readonly label: string;
  readonly cost: number;
  readonly selfCost: number;
  readonly plannedRows: number;
  readonly loops: number;
  /** With analyze: rows per loop, and milliseconds of all loops together. */
  readonly actualRows: number | undefined;
  readonly ms: number | undefined;
  readonly selfMs: number | undefined;
}

export const number = (tree: Tree | undefined, key: string): number | undefined => {
  const value = tree?.[key];
  return typeof value === "number" ? value : undefined;
};

/** The nodes of a plan from the top, each before its children. */
export function nodesOf(root: Tree): readonly PlanNode[] {
  const found: PlanNode[] = [];
  const rest: { tree: Tree; depth: number }[] = [];
  const plan = child(root, "Plan");
  if (plan) rest.push({ tree: plan, depth: 0 });
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { tree, depth } = next;
    const children = list(tree, "Plans");
    rest.push(...children.toReversed().map((each) => ({ tree: each, depth: depth + 1 })));
    const cost = number(tree, "Total Cost") ?? 0;
    const loops = number(tree, "Actual Loops") ?? 1;
    const ms = totalMs(tree);
    // The estimate of a node that stops early is lower than that of its children.
    const selfCost = Math.max(cost - children.reduce((sum, each) => sum + (number(each, "Total Cost") ?? 0), 0), 0);
    const below = children.reduce((sum, each) => sum + (totalMs(each) ?? 0), 0);
    found.push({
      depth,
      tree,
      label: labelOf(tree),
      cost,
      selfCost,
      plannedRows: number(tree, "Plan Rows") ?? 0,
      loops,
      actualRows: number(tree, "Actual Rows"),
      ms,
      selfMs: ms === undefined ? undefined : Math.max(ms - below, 0),
    });
  }
  return found;
}

/** PostgreSQL reports the average per loop. */
function totalMs(tree: Tree): number | undefined {
  const each = number(tree, "Actual Total Time");
  return each === undefined ? undefined : each * (number(tree, "Actual Loops") ?? 1);
}

function labelOf(tree: Tree): string {
  const [type = "?", relation, index] = [
    text(tree, "Node Type"),
    text(tree, "Relation Name"),
    text(tree, "Index Name"),
  ];
  const join = text(tree, "Join Type");
  const alias = text(tree, "Alias");
  const source = relation ?? text(tree, "CTE Name") ?? text(tree, "Function Name");
  const on = source === undefined ? "" : ` on ${source}${alias !== undefined && alias !== source ? ` ${alias}` : ""}`;
  const strategy = text(tree, "Strategy");
  const kind = strategy !== undefined && strategy !== "Plain" ? `${strategy} ${type}` : type;
  const joined = join !== undefined && join !== "Inner" ? `${kind} (${join})` : kind;
  return `${joined}${index === undefined ? "" : ` using ${index}`}${on}`;
}
