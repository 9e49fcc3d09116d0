import { counted } from "@org/server-kit";
import * as z from "zod";
import { secondsInWords, withoutTexts } from "../../catalog/words.ts";
import { type Check, defineCheck, percent } from "../check.ts";

/** Limits in seconds for a transaction that is open, or idle, or waiting for a lock. */
const OPEN = 300;
const IDLE = 60;
const WAITS = 1;

export const SEE_ALL = "GRANT pg_read_all_stats to see what sessions of other roles do.";

const connections = defineCheck({
  area: "sessions",
  title: "connections in use",
  row: z.object({ used: z.number(), allowed: z.number() }),
  sql: `SELECT count(*) AS used, current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed
    FROM pg_stat_activity WHERE backend_type = 'client backend' OR backend_type IS NULL`,
  find: ({ used, allowed }) =>
    used < allowed * 0.8
      ? undefined
      : {
          severity: used >= allowed * 0.95 ? "critical" : "warning",
          object: null,
          finding: "few connections are left",
          figure: `${used} of ${allowed}`,
          threshold: percent(0.8),
          advice: "Use a pooler, or end sessions that idle; raising max_connections costs memory.",
          sql: null,
        },
});

const transactions = defineCheck({
  area: "sessions",
  title: "long transactions",
  row: z.object({
    pid: z.number(),
    who: z.string().nullable(),
    state: z.string().nullable(),
    open: z.number().nullable(),
    still: z.number().nullable(),
    query: z.string().nullable(),
    hidden: z.boolean(),
  }),
  sql: `SELECT pid, usename AS who, state, extract(epoch FROM clock_timestamp() - xact_start) AS open,
      extract(epoch FROM clock_timestamp() - state_change) AS still, left(query, 120) AS query,
      query = '<insufficient privilege>' AS hidden
    FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND (backend_type = 'client backend' OR backend_type IS NULL) ORDER BY xact_start NULLS LAST`,
  find({ pid, who, state, open, still, query }) {
    const isIdle = state?.startsWith("idle in transaction") === true;
    if (open === null || (open < OPEN && !(isIdle && (still ?? 0) >= IDLE))) return undefined;
    return {
      severity: open >= OPEN * 12 ? "critical" : "warning",
      object: `session ${pid} of ${who}`,
      finding: isIdle ? "a transaction is open and does nothing" : "a transaction runs for long",
      figure: `open for ${secondsInWords(open)}${isIdle ? `, idle for ${secondsInWords(still ?? 0)}` : ""}: ${withoutTexts(query ?? "")}`,
      threshold: isIdle ? `idle for ${secondsInWords(IDLE)}` : secondsInWords(OPEN),
      advice:
        "It keeps locks and dead rows. Find the program that left it; idle_in_transaction_session_timeout ends such ones.",
      sql: `SELECT pg_terminate_backend(${pid})`,
    };
  },
  unseen(rows) {
    const hidden = rows.filter((row) => row.hidden).length;
    return hidden === 0 ? undefined : `${counted(hidden, "session")} of other roles. ${SEE_ALL}`;
  },
});

const prepared = defineCheck({
  area: "sessions",
  title: "transactions that were prepared and never finished",
  row: z.object({ id: z.string(), owner: z.string(), quoted: z.string(), open: z.number() }),
  sql: `SELECT gid AS id, owner, quote_literal(gid) AS quoted, extract(epoch FROM now() - prepared) AS open
    FROM pg_prepared_xacts WHERE now() - prepared > interval '${OPEN} seconds' ORDER BY prepared`,
  find: ({ id, owner, quoted, open }) => ({
    severity: "critical",
    object: `transaction ${id} of ${owner}`,
    finding: "a prepared transaction was never finished; it keeps its locks, even after a restart",
    figure: secondsInWords(open),
    threshold: secondsInWords(OPEN),
    advice: "Ask its transaction manager, then commit it or roll it back.",
    sql: `ROLLBACK PREPARED ${quoted}`,
  }),
});

// Every role can read pg_locks, unlike the reason why a session waits; pg_blocking_pids also covers the queue.
const blocked = defineCheck({
  area: "sessions",
  title: "sessions that wait for a lock",
  row: z.object({
    pid: z.number(),
    who: z.string().nullable(),
    waits: z.number().nullable(),
    lock: z.string(),
    blockers: z.array(z.number()),
    by: z.string().nullable(),
    query: z.string().nullable(),
  }),
  sql: (version) => `SELECT l.pid, a.usename AS who,
      extract(epoch FROM clock_timestamp() - ${version >= 140000 ? "coalesce(l.waitstart, a.state_change)" : "a.state_change"}) AS waits,
      l.mode || coalesce(' on ' || l.relation::regclass::text, '') AS lock, pg_blocking_pids(l.pid) AS blockers,
      (SELECT string_agg(format('session %s of %s (%s): %s', b.pid, b.usename, b.state, left(b.query, 80)), '; ')
        FROM pg_stat_activity b WHERE b.pid = ANY(pg_blocking_pids(l.pid))) AS by, left(a.query, 120) AS query
    FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted ORDER BY 3 DESC NULLS LAST`,
  find({ pid, who, waits, lock, blockers, by, query }) {
    if (waits !== null && waits < WAITS) return undefined;
    return {
      severity: "warning",
      object: `session ${pid} of ${who}`,
      finding: `waits for ${lock}, blocked by ${withoutTexts(by ?? blockers.join(", "))}`,
      figure: `${waits === null ? "an unknown time" : secondsInWords(waits)}: ${withoutTexts(query ?? "")}`,
      threshold: secondsInWords(WAITS),
      advice: "End the session that blocks if it does nothing; set lock_timeout where tables are changed.",
      sql: blockers[0] === undefined ? null : `SELECT pg_terminate_backend(${blockers[0]})`,
    };
  },
});

export const sessionChecks: readonly Check[] = [connections, transactions, prepared, blocked];
