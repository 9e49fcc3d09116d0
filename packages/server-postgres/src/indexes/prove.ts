import * as z from "zod";
import { serverError } from "../connection/errors.ts";
import type { Param, Session } from "../connection/types.ts";
import type { Prepared } from "../guard/guard.ts";
import { type Explained, explain } from "../plan/explain.ts";
import { nodesOf } from "../plan/nodes.ts";
import { type Candidate, createSql } from "./candidates.ts";

/** The share of a plan's cost that an index must save; less is noise. */
export const MARGIN = 0.1;
/** The most indexes proposed for one statement, which are tried out together. */
const MOST_TOGETHER = 3;
/** The most partitions that get a hypothetical index. */
const MOST_LEAVES = 200;

export interface Proof {
  readonly candidate: Candidate;
  readonly costBefore: number;
  readonly costAfter: number;
  /** hypopg's estimate. */
  readonly bytes: number;
}

/** The schema of hypopg, as written in SQL; undefined if it is not installed. */
export async function findHypopg(session: Session): Promise<string | undefined> {
  const [row] = await session.rows(`SELECT pg_catalog.quote_ident(n.nspname) AS schema FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg'`);
  return row?.schema ?? undefined;
}

interface Statement {
  readonly prepared: Prepared;
  readonly params: readonly Param[];
}

/**
 * Tries candidates out with hypothetical indexes, which exist only in this session's memory. Takes the one that saves
 * most, then the one that saves most in addition to it, as long as each saves at least the margin.
 */
export async function prove(
  session: Session,
  hypopg: string,
  statement: Statement,
  candidates: readonly Candidate[],
): Promise<Proof[]> {
  // Hypothetical indexes outlive the transaction, so this connection must not be reused.
  session.discard();
  const proofs: Proof[] = [];
  let cost = costOf(await plan(session, statement));
  while (proofs.length < MOST_TOGETHER) {
    let best: Proof | undefined;
    for (const candidate of candidates) {
      if (proofs.some((proof) => proof.candidate === candidate)) continue;
      const proof = await tried(session, hypopg, statement, [...proofs.map((one) => one.candidate), candidate], cost);
      if (proof && proof.costAfter < (best?.costAfter ?? cost * (1 - MARGIN))) best = proof;
    }
    if (!best) break;
    proofs.push(best);
    cost = best.costAfter;
  }
  return proofs;
}

const plan = (session: Session, { prepared, params }: Statement) =>
  explain(session, prepared, params, { analyze: false, verbose: true });

const costOf = ({ root }: Explained) => nodesOf(root)[0]?.cost ?? 0;

/** The plan with all of these indexes, and a proof for the last one if the plan uses it. */
async function tried(
  session: Session,
  hypopg: string,
  statement: Statement,
  candidates: readonly Candidate[],
  costBefore: number,
): Promise<Proof | undefined> {
  await session.rows("SAVEPOINT hypothetical");
  try {
    let made: Made[] = [];
    for (const candidate of candidates) made = await make(session, hypopg, candidate);
    const explained = await plan(session, statement);
    const used = new Set(nodesOf(explained.root).map(({ tree }) => tree["Index Name"]));
    const candidate = candidates.at(-1);
    if (!candidate || !made.some(({ name }) => used.has(name))) return undefined;
    const bytes = made.reduce((sum, one) => sum + one.bytes, 0);
    return { candidate, costBefore, costAfter: costOf(explained), bytes };
  } catch (error) {
    // An index that cannot be created, for example on a function that is not immutable, is not a candidate.
    if (!/^(42|0A|22|XX000)/.test(serverError(error)?.code ?? "")) throw error;
    return undefined;
  } finally {
    await session.rows("ROLLBACK TO SAVEPOINT hypothetical");
    await session.rows(`SELECT ${hypopg}.hypopg_reset()`);
  }
}

const Made = z.object({ name: z.string(), bytes: z.coerce.number() });
type Made = z.output<typeof Made>;

/** hypopg cannot create an index on a partitioned table, only on each table that holds its rows. */
async function make(session: Session, hypopg: string, candidate: Candidate): Promise<Made[]> {
  const made: Made[] = [];
  for (const leaf of candidate.table.leaves.slice(0, MOST_LEAVES)) {
    const rows = await session.rows(
      `SELECT i.indexname AS name, ${hypopg}.hypopg_relation_size(i.indexrelid) AS bytes FROM ${hypopg}.hypopg_create_index($1) i`,
      [createSql(candidate, leaf).replace("CONCURRENTLY ", "")],
    );
    made.push(...rows.map((row) => Made.parse(row)));
  }
  return made;
}
