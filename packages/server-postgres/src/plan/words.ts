import { text } from "../grammar/tree.ts";
import { number, type PlanNode } from "./nodes.ts";

const round = (value: number) => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
const grouped = (value: number) => Math.round(value).toLocaleString("en-US");

/** An estimate that is off by this factor, in either direction, is reported. */
const MISESTIMATE = 10;
/** A scan that discards at least this many rows may need an index. */
const THROWN_AWAY = 1000;

/** Details of a node that explain its cost, in PostgreSQL's words. */
const DETAILS = [
  "Index Cond",
  "Recheck Cond",
  "Hash Cond",
  "Merge Cond",
  "Join Filter",
  "Filter",
  "One-Time Filter",
  "Sort Key",
  "Presorted Key",
  "Group Key",
  "Sort Method",
  "Sort Space Used",
  "Sort Space Type",
  "Rows Removed by Filter",
  "Rows Removed by Join Filter",
  "Heap Fetches",
  "Workers Launched",
  "Subplan Name",
];

/** A plan as indented lines, each with the node's own cost. */
export function planLines(nodes: readonly PlanNode[]): readonly string[] {
  return nodes.map((node) => {
    const { depth, tree, label, cost, selfCost, plannedRows, actualRows, loops, selfMs } = node;
    const actual =
      actualRows === undefined
        ? `self cost ${round(selfCost)}`
        : loops === 0
          ? "never run"
          : `self ${round(selfMs ?? 0)} ms, ${grouped(actualRows)} rows${loops > 1 ? ` × ${grouped(loops)} loops` : ""}`;
    const estimate = `cost ${round(cost)}, ${grouped(plannedRows)} rows expected`;
    const details = DETAILS.flatMap((key) => {
      const value = tree[key];
      if (value === undefined || value === 0) return [];
      return `; ${key}: ${Array.isArray(value) ? value.join(", ") : String(value)}`;
    });
    return `${"  ".repeat(depth)}${label} (${actual}; ${estimate})${details.join("")}`;
  });
}

/** What an expert would say about this plan, the most expensive node first. */
export function findings(nodes: readonly PlanNode[]): readonly string[] {
  const hasTimes = nodes.some(({ ms }) => ms !== undefined);
  const own = (node: PlanNode) => (hasTimes ? (node.selfMs ?? 0) : node.selfCost);
  const total = nodes.reduce((sum, node) => sum + own(node), 0);
  const costly = nodes.toSorted((a, b) => own(b) - own(a)).slice(0, 3);
  const words = costly
    .filter((node) => total > 0 && own(node) >= total / 20)
    .map(
      (node) =>
        `${node.label}: ${Math.round((own(node) / total) * 100)} % of the ${hasTimes ? `time, ${round(own(node))} ms` : "cost"} by itself`,
    );
  return [
    ...(words.length > 0 ? [`Costliest: ${words.join("; ")}.`] : []),
    ...misestimate(nodes),
    ...nodes.flatMap(problemsOf),
  ];
}

function misestimate(nodes: readonly PlanNode[]): readonly string[] {
  const off = ({ plannedRows, actualRows = 0 }: PlanNode) => {
    const [planned, actual] = [Math.max(plannedRows, 1), Math.max(actualRows, 1)];
    return Math.max(planned / actual, actual / planned);
  };
  const [worst] = nodes
    .filter(({ actualRows, loops }) => actualRows !== undefined && loops > 0)
    .toSorted((a, b) => off(b) - off(a));
  if (!worst || off(worst) < MISESTIMATE) return [];
  const direction = worst.plannedRows > (worst.actualRows ?? 0) ? "fewer" : "more";
  const times = `${grouped(off(worst))} times ${direction}`;
  return [
    `Worst misestimate: ${worst.label} expected ${grouped(worst.plannedRows)} rows and got ${grouped(worst.actualRows ?? 0)}, ${times}. ` +
      "Statistics may be old (ANALYZE), or columns depend on each other (CREATE STATISTICS).",
  ];
}

function problemsOf({ tree, label, loops, actualRows }: PlanNode): readonly string[] {
  const removed = (number(tree, "Rows Removed by Filter") ?? 0) * loops;
  const words: string[] = [];
  if (text(tree, "Node Type") === "Seq Scan" && removed >= THROWN_AWAY && removed > (actualRows ?? 0) * loops * 9) {
    words.push(
      `${label} read ${grouped(removed)} rows to throw them away: an index for its filter may help. suggest_indexes checks that.`,
    );
  }
  if (text(tree, "Sort Space Type") === "Disk") words.push(`${label} did not fit work_mem and went to disk.`);
  if ((number(tree, "Hash Batches") ?? 1) > 1)
    words.push(`${label} did not fit work_mem and went to disk in ${number(tree, "Hash Batches")} batches.`);
  if ((number(tree, "Lossy Heap Blocks") ?? 0) > 0)
    words.push(`${label} did not fit work_mem: it rechecks whole pages.`);
  return words;
}
