import { ToolError } from "@org/server-kit";
import { serverError, toToolError } from "../connection/errors.ts";
import { MARK } from "../connection/sql.ts";
import type { Answer, Param, Session } from "../connection/types.ts";
import { isTree, type Tree } from "../grammar/tree.ts";
import type { Prepared } from "../guard/guard.ts";
import { requireOneEach } from "../rows/params.ts";
import { withoutUnused } from "../rows/unused.ts";

/** The first version that can plan a statement without values for its parameters. */
const GENERIC_PLAN = 160000;

export interface Explained {
  /** PostgreSQL's own JSON: `Plan`, and times with analyze. */
  readonly root: Tree;
  /** Whether it is a plan for any values, since none were given. */
  readonly isGeneric: boolean;
}

/** The highest `$n` of a statement. */
export function parameterCount({ query }: Prepared): number {
  return (query?.parameters ?? []).reduce((highest, { number }) => Math.max(highest, number), 0);
}

/**
 * The plan of an admitted query. Without values for its parameters it is the generic plan, if the server supports that.
 * NULL is never substituted, since the plan for NULL is misleading.
 * @throws ToolError that says which values are missing
 */
export async function explain(
  session: Session,
  prepared: Prepared,
  params: readonly Param[],
  { analyze, verbose = false }: { readonly analyze: boolean; readonly verbose?: boolean },
): Promise<Explained> {
  if (prepared.statement.kind !== "select") {
    throw new ToolError("invalid_input", "sql is the query itself, without EXPLAIN. SHOW has no plan.");
  }
  const needed = parameterCount(prepared);
  const isGeneric = needed > 0 && params.length === 0;
  if (!isGeneric) requireOneEach(needed, params);
  const names = needed === 1 ? "$1" : `$1 to $${needed}`;
  if (isGeneric && analyze) {
    throw new ToolError(
      "invalid_input",
      `analyze runs the query, which needs values for ${names}. Pass them in params, or leave analyze out.`,
    );
  }
  if (isGeneric && session.facts.version < GENERIC_PLAN) {
    throw new ToolError(
      "invalid_input",
      `PostgreSQL ${Math.floor(session.facts.version / 10_000)} plans no query without values for ${names} (16 does). Pass typical ones in params.`,
    );
  }
  const options = ["FORMAT JSON", ...(verbose ? ["VERBOSE"] : []), ...(analyze ? ["ANALYZE", "BUFFERS"] : [])];
  const explainIt = `EXPLAIN ${MARK} (${options.join(", ")}) `;
  const prefix = isGeneric ? PREPARE : explainIt;
  const used = withoutUnused(prepared.sql, prepared.query?.parameters ?? [], params);
  try {
    const { rows, shortened } = isGeneric
      ? await explainPrepared(session, used.sql, explainIt, used.numbers.length)
      : await session.answer(prefix + used.sql, used.params);
    if (shortened.length > 0 || rows[0]?.length === 0)
      throw new ToolError("too_large", "the plan is too large, as with long constants. Explain a part of the query.");
    const plan = (rows[0]?.[0] ?? "[]").replace(/\$(\d+)/g, (_, at) => `$${used.numbers[Number(at) - 1] ?? at}`);
    const parsed: unknown = JSON.parse(plan);
    const root: unknown = Array.isArray(parsed) ? parsed[0] : undefined;
    if (!isTree(root)) throw new Error("the server's plan is not JSON as it is known");
    return { root, isGeneric };
  } catch (error) {
    if (serverError(error)?.code === "42P18") {
      throw new ToolError(
        "invalid_input",
        `${serverError(error)?.message}. Write its type, as in $1::integer, or pass values in params.`,
      );
    }
    throw toToolError(error, prefix.length);
  }
}

const NAME = "server_postgres_generic";
const PREPARE = `PREPARE ${NAME} AS `;

/**
 * In the extended protocol, a statement with parameters needs bound values, and EXPLAIN (GENERIC_PLAN) plans for those:
 * with NULL, it concludes that no row can match. A prepared statement has a generic plan that is independent of values.
 * It would outlive the transaction, so it is removed before the end.
 */
async function explainPrepared(session: Session, sql: string, explainIt: string, count: number): Promise<Answer> {
  await session.answer(PREPARE + sql);
  await session.rows("SAVEPOINT generic_plan");
  try {
    await session.rows("SELECT pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)");
    return await session.answer(`${explainIt}EXECUTE ${NAME} (${Array(count).fill("NULL").join(", ")})`);
  } finally {
    await session.rows("ROLLBACK TO SAVEPOINT generic_plan");
    await session.rows(`DEALLOCATE ${NAME}`);
  }
}
