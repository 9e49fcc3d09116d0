import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Postgres } from "../context.ts";
import { admit, prepare } from "../guard/guard.ts";
import { explain } from "../plan/explain.ts";
import { nodesOf, number } from "../plan/nodes.ts";
import { findings, planLines } from "../plan/words.ts";
import { FENCE_LENGTH, fenced } from "../rows/fence.ts";
import { toParams } from "../rows/params.ts";
import { databaseInput, paramsInput, sqlInput } from "./fields.ts";

/** Characters reserved for the remarks on the plan. */
const FACTS = 1500;

export const explainQuery = defineTool({
  name: "explain_query",
  title: "Explain a query",
  description:
    "Returns the plan of a query, with each node's own cost, or its own time when analyze runs it; names the costliest nodes and the " +
    "worst misestimate. Text with $1 and no params gets the generic plan. Use suggest_indexes to make it faster.",
  annotations: READ_ONLY,
  input: z.strictObject({
    sql: sqlInput,
    params: paramsInput,
    analyze: z.boolean().default(false).describe("Run the query, and report actual times and rows. Default false."),
    format: z.enum(["text", "json"]).default("text").describe("text, or PostgreSQL's own json. Default text."),
    database: databaseInput,
  }),
  async run({ sql, params, analyze, format, database }, { databases, policy }: Postgres, { signal, maxOutput }) {
    const values = toParams(params);
    const prepared = await prepare(sql, values.length > 0 ? values : undefined);
    return databases.find(database).read(signal, async (session) => {
      await admit(session, prepared, policy);
      const { root, isGeneric } = await explain(session, prepared, values, { analyze });
      const nodes = nodesOf(root);
      const room = maxOutput - FACTS - FENCE_LENGTH;
      const body = format === "json" ? JSON.stringify(root, null, 1) : fitting(planLines(nodes), room);
      if (body.length > room) {
        throw new ToolError(
          "too_large",
          `the plan has ${body.length} characters as JSON. Ask for format text, or explain a part of the query.`,
        );
      }
      const times = [
        ["planning", number(root, "Planning Time")],
        ["execution", number(root, "Execution Time")],
      ].flatMap(([name, ms]) => (ms === undefined ? [] : `${name} ${ms} ms`));
      const facts = [
        ...(times.length > 0 ? [`${times.join(", ")}.`] : [`Estimated cost ${nodes[0]?.cost ?? 0}; not run.`]),
        ...(isGeneric ? ["A generic plan, for any values: with params, PostgreSQL may choose another."] : []),
        ...findings(nodes),
      ];
      return [fenced(body), facts.join(" ").slice(0, FACTS)];
    });
  },
});

function fitting(lines: readonly string[], room: number): string {
  const kept: string[] = [];
  let used = 60;
  for (const line of lines) {
    const short = line.length > 400 ? `${line.slice(0, 400)}…` : line;
    used += short.length + 1;
    if (used > room) return [...kept, `(${lines.length - kept.length} more nodes)`].join("\n");
    kept.push(short);
  }
  return kept.join("\n");
}
