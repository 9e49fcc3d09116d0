import { ToolError } from "@org/server-kit";
import { withCatalog } from "../catalog/catalog.ts";
import { bytesInWords, oneLine, withoutTexts } from "../catalog/words.ts";
import { toToolError } from "../connection/errors.ts";
import type { Param, Session } from "../connection/types.ts";
import { admit, type Prepared, prepare } from "../guard/guard.ts";
import type { Policy } from "../guard/policy.ts";
import { explain } from "../plan/explain.ts";
import { type Candidate, candidatesFor, createSql } from "./candidates.ts";
import { findHypopg, type Proof, prove } from "./prove.ts";
import { tableFacts } from "./table-facts.ts";
import { usesOf } from "./usage.ts";

/** An index to make, with the statements that it serves. */
export interface Suggestion {
  readonly sql: string;
  readonly table: string;
  /** `hypopg`: it makes the plan cheaper. `rule`: it probably does, by the stated rules. */
  readonly proof: "hypopg" | "rule";
  readonly reason: string;
  readonly statements: readonly { readonly query: string; readonly cost: string }[];
  readonly size: string | null;
}

export interface Advice {
  readonly suggestions: readonly Suggestion[];
  readonly hasHypopg: boolean;
  readonly lookedAt: number;
  readonly skipped: readonly { readonly query: string; readonly reason: string }[];
  /** Candidates that hypopg cannot try out, and that the rules do not favour either. */
  readonly notTried: readonly string[];
}

export interface Asked {
  readonly sql: string;
  readonly params: readonly Param[];
}

/** Characters of a statement shown in an answer. */
const LONGEST = 200;

/**
 * Finds indexes that would speed up the statements. Creates nothing, and runs no statement.
 * @param isOne whether the call is about a single statement, whose failure is then the answer
 */
export async function suggestIndexes(
  session: Session,
  policy: Policy,
  asked: readonly Asked[],
  isOne: boolean,
): Promise<Advice> {
  const hypopg = await findHypopg(session);
  const suggestions = new Map<string, Suggestion>();
  const skipped: { query: string; reason: string }[] = [];
  const notTried = new Set<string>();
  for (const { sql, params } of asked) {
    const query = shortened(isOne ? oneLine(sql) : withoutTexts(sql));
    try {
      await session.rows("SAVEPOINT one_statement");
      const prepared = await prepare(sql, params.length > 0 ? params : undefined);
      await admit(session, prepared, policy);
      const candidates = await candidatesOf(session, policy, prepared, params);
      const btrees = candidates.filter(({ method }) => method === "btree");
      const proofs = hypopg === undefined ? [] : await prove(session, hypopg, { prepared, params }, btrees);
      for (const proof of proofs) add(suggestions, proved(proof, query));
      const others = hypopg === undefined ? candidates : candidates.filter(({ method }) => method !== "btree");
      const fitting = others.filter(({ fitsRule }) => fitsRule);
      for (const candidate of fitting) add(suggestions, byRule(candidate, query));
      if (hypopg !== undefined) for (const candidate of others) notTried.add(createSql(candidate));
    } catch (error) {
      const told = toToolError(error);
      if (isOne || !(told instanceof ToolError) || !GOES_ON.has(told.code)) throw error;
      skipped.push({ query, reason: told.message });
      await session.rows("ROLLBACK TO SAVEPOINT one_statement");
    }
  }
  return {
    suggestions: [...suggestions.values()],
    hasHypopg: hypopg !== undefined,
    lookedAt: asked.length - skipped.length,
    skipped,
    notTried: [...notTried],
  };
}

/** Errors that only skip one statement of many: it may be refused, be of another kind, or need values. */
const GOES_ON: ReadonlySet<string> = new Set([
  "invalid_input",
  "access_denied",
  "not_found",
  "unsupported",
  "too_large",
]);

async function candidatesOf(
  session: Session,
  policy: Policy,
  prepared: Prepared,
  params: readonly Param[],
): Promise<Candidate[]> {
  const { root } = await explain(session, prepared, params, { analyze: false, verbose: true });
  const uses = await usesOf(root);
  return withCatalog(session, policy, async (catalog) => {
    const candidates = new Map<string, Candidate>();
    for (const use of uses) {
      const table = await tableFacts(catalog, use.schema, use.table);
      if (!table) continue;
      for (const candidate of candidatesFor(use, table)) {
        const key = createSql(candidate);
        // The partitions of a table yield the same candidate one after another.
        if (!candidates.get(key)?.fitsRule) candidates.set(key, candidate);
      }
    }
    return [...candidates.values()];
  });
}

function proved({ candidate, costBefore, costAfter, bytes }: Proof, query: string): Suggestion {
  const saved = Math.round((1 - costAfter / costBefore) * 100);
  const cost = `${Math.round(costBefore)} to ${Math.round(costAfter)}, ${saved}% less`;
  const { table, reason } = candidate;
  return {
    sql: createSql(candidate),
    table: table.sql_name,
    proof: "hypopg",
    reason,
    statements: [{ query, cost }],
    size: `about ${bytesInWords(bytes)}`,
  };
}

function byRule(candidate: Candidate, query: string): Suggestion {
  const statements = [{ query, cost: "not known" }];
  return {
    sql: createSql(candidate),
    table: candidate.table.sql_name,
    proof: "rule",
    reason: candidate.reason,
    statements,
    size: null,
  };
}

function add(suggestions: Map<string, Suggestion>, suggestion: Suggestion): void {
  const before = suggestions.get(suggestion.sql);
  const statements = [...(before?.statements ?? []), ...suggestion.statements];
  suggestions.set(suggestion.sql, { ...suggestion, statements });
}

const shortened = (sql: string) => (sql.length > LONGEST ? `${sql.slice(0, LONGEST)}…` : sql);
