import { counted, defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { readCatalog } from "../catalog/catalog.ts";
import type { Postgres } from "../context.ts";
import { checkHealth } from "../health/health.ts";
import { databaseInput } from "./fields.ts";

const Finding = z.object({
  area: z.string(),
  severity: z.enum(["critical", "warning", "notice"]),
  object: z.string().nullable().describe("What it is about; null for the whole database or server."),
  finding: z.string(),
  figure: z.string().describe("The measured value."),
  threshold: z.string().describe("The limit for a finding."),
  advice: z.string(),
  sql: z.string().nullable().describe("The fix, for a person to run."),
});

const Output = z.object({
  summary: z.string(),
  findings: z.array(Finding),
  not_shown: z.int().describe("Further findings that did not fit."),
  looked_at: z.array(z.string()).describe("Checks without a finding."),
  not_seen: z.array(z.string()).describe("What this role could not see."),
});

export const databaseHealth = defineTool({
  name: "database_health",
  title: "Check the database's health",
  description:
    "Checks caches, indexes, bloat, vacuum, wraparound, sequences, long and blocked sessions, replication, and what the role may do " +
    "beyond reading. Each finding has its figure, threshold, advice and SQL for a person to run. For slow queries: top_queries.",
  annotations: READ_ONLY,
  input: z.strictObject({ database: databaseInput }),
  output: Output,
  async run({ database }, { databases, policy }: Postgres, { signal, maxOutput }) {
    const { findings, checks } = await readCatalog(databases.find(database), policy, signal, checkHealth);
    const total = checks.reduce((sum, { found }) => sum + (found ?? 0), 0);
    const count = (severity: string) => findings.filter((one) => one.severity === severity).length;
    const value = {
      summary:
        total === 0
          ? "nothing found"
          : `${counted(total, "finding")}: ${count("critical")} critical, ${counted(count("warning"), "warning")}, ${counted(count("notice"), "notice")}`,
      findings: [...findings],
      not_shown: total - findings.length,
      looked_at: checks.filter(({ found }) => found === 0).map(({ title }) => title),
      not_seen: checks.flatMap(({ title, unseen }) => (unseen === null ? [] : [`${title}: ${unseen}`])),
    };
    // The least severe come last.
    while (Math.max(JSON.stringify(value).length, text(value).length) > maxOutput && value.findings.length > 0) {
      value.findings.pop();
      value.not_shown++;
    }
    return value;
  },
  render: (value) => text(value),
});

function text({ summary, findings, not_shown, looked_at, not_seen }: z.output<typeof Output>): string {
  const lines = findings.flatMap(({ severity, area, object, finding, figure, threshold, advice, sql }) => [
    `[${severity}] ${area}: ${object === null ? "" : `${object}: `}${finding}`,
    `  ${figure} (threshold: ${threshold}). ${advice}`,
    ...(sql === null ? [] : [`  ${sql};`]),
  ]);
  return [
    summary,
    ...lines,
    ...(not_shown === 0 ? [] : [`${counted(not_shown, "more finding")} had no room.`]),
    `No finding for: ${looked_at.join(", ")}.`,
    ...not_seen.map((one) => `Not seen: ${one}`),
  ].join("\n");
}
