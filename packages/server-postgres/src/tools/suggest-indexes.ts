import { counted, defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { readCatalog } from "../catalog/catalog.ts";
import type { Postgres } from "../context.ts";
import { topQueries } from "../health/top-queries.ts";
import { RULES } from "../indexes/candidates.ts";
import { MARGIN } from "../indexes/prove.ts";
import { suggestIndexes } from "../indexes/suggest.ts";
import { toParams } from "../rows/params.ts";
import { databaseInput, paramsInput, sqlInput } from "./fields.ts";

/** Statements examined from pg_stat_statements. */
const TOP = 10;

const Output = z.object({
  suggestions: z.array(
    z.object({
      sql: z.string().describe("For a person to run; nothing was created."),
      table: z.string(),
      proof: z.enum(["hypopg", "rule"]),
      reason: z.string(),
      statements: z.array(z.object({ query: z.string(), cost: z.string() })),
      size: z.string().nullable(),
    }),
  ),
  looked_at: z.int().describe("Statements whose plan was examined."),
  how: z.string().describe("What a suggestion is based on."),
  not_tried: z.array(z.string()).describe("Candidates that hypopg cannot simulate."),
  skipped: z.array(z.object({ query: z.string(), reason: z.string() })),
});

export const suggestIndexesTool = defineTool({
  name: "suggest_indexes",
  title: "Suggest indexes",
  description:
    "Suggests indexes for a query, or for the costliest ones in pg_stat_statements. With hypopg installed, each is proved to make the " +
    "plan at least 10% cheaper; without it, stated rules decide. Creates nothing.",
  annotations: READ_ONLY,
  input: z.strictObject({
    sql: sqlInput.min(1).optional().describe("One query. Default: the ten that took the most time."),
    params: paramsInput,
    database: databaseInput,
  }),
  output: Output,
  async run({ sql, params, database }, { databases, policy }: Postgres, { signal, maxOutput }) {
    const chosen = databases.find(database);
    const asked =
      sql === undefined
        ? (await readCatalog(chosen, policy, signal, (catalog) => topQueries(catalog, "total_time", TOP))).queries.map(
            ({ query }) => ({ sql: query, params: [] }),
          )
        : [{ sql, params: toParams(params) }];
    const advice = await chosen.read(signal, (session) => suggestIndexes(session, policy, asked, sql !== undefined));
    const value: z.output<typeof Output> = {
      suggestions: advice.suggestions.map((one) => ({ ...one, statements: [...one.statements] })),
      looked_at: advice.lookedAt,
      how: advice.hasHypopg
        ? `hypopg tried each candidate: the plan uses it, and costs at least ${MARGIN * 100}% less`
        : `by rule and not proved, since hypopg is not installed: ${RULES}`,
      not_tried: [...advice.notTried],
      skipped: [...advice.skipped],
    };
    while (Math.max(JSON.stringify(value).length, text(value).length) > maxOutput && value.skipped.pop());
    return value;
  },
  render: (value) => text(value),
});

function text({ suggestions, looked_at, how, not_tried, skipped }: z.output<typeof Output>): string {
  const lines = suggestions.flatMap(({ sql, proof, reason, statements, size }) => [
    `${sql};`,
    `  for ${reason}; proof: ${proof}${size === null ? "" : `; ${size}`}`,
    ...statements.map(({ query, cost }) => `  cost ${cost}: ${query}`),
  ]);
  return [
    ...(suggestions.length === 0 ? ["No index to suggest."] : lines),
    `Looked at ${counted(looked_at, "statement")}; ${how}. Every index slows writes: weigh the gain against that.`,
    ...not_tried.map((one) => `hypopg cannot try: ${one}`),
    ...skipped.map(({ query, reason }) => `Skipped: ${query}: ${reason}`),
  ].join("\n");
}
