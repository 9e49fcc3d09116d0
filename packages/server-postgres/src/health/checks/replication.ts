import * as z from "zod";
import { bytesInWords, secondsInWords } from "../../catalog/words.ts";
import { type Check, defineCheck } from "../check.ts";
import { SEE_ALL } from "./sessions.ts";

/** How far a slot or a standby may lag behind, in bytes of WAL and in seconds. */
const BEHIND = 1 << 30;
const LATE = 30;

const slots = defineCheck({
  area: "replication",
  title: "replication slots",
  row: z.object({
    name: z.string(),
    quoted: z.string(),
    active: z.boolean(),
    kept: z.number().nullable(),
    status: z.string().nullable(),
  }),
  sql: `SELECT slot_name AS name, quote_literal(slot_name) AS quoted, active, wal_status AS status,
      CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) END AS kept
    FROM pg_replication_slots ORDER BY kept DESC NULLS LAST`,
  find({ name, quoted, active, kept, status }) {
    const isLost = status === "lost" || status === "unreserved";
    if (!isLost && (kept ?? 0) < BEHIND && (active || kept === null)) return undefined;
    return {
      severity: isLost || (kept ?? 0) >= BEHIND ? "critical" : "notice",
      object: `slot ${name}`,
      finding: isLost
        ? `its WAL is ${status}`
        : active
          ? "its reader is far behind"
          : "nobody reads it, and it keeps WAL",
      figure: kept === null ? (status ?? "unknown") : `${bytesInWords(kept)} of WAL kept`,
      threshold: `inactive, or ${bytesInWords(BEHIND)}`,
      advice: "Bring its reader back, or drop the slot: until then the disk fills.",
      sql: active ? null : `SELECT pg_drop_replication_slot(${quoted})`,
    };
  },
});

const standbys = defineCheck({
  area: "replication",
  title: "standbys of this server",
  row: z.object({
    name: z.string().nullable(),
    state: z.string().nullable(),
    behind: z.number().nullable(),
    late: z.number().nullable(),
  }),
  sql: `SELECT coalesce(nullif(application_name, ''), client_addr::text, pid::text) AS name, state,
      CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) END AS behind,
      extract(epoch FROM replay_lag) AS late
    FROM pg_stat_replication`,
  find: ({ name, state, behind, late }) =>
    (behind ?? 0) < BEHIND && (late ?? 0) < LATE
      ? undefined
      : {
          severity: "warning",
          object: `standby ${name}`,
          finding: `it is behind (${state})`,
          figure: `${bytesInWords(behind ?? 0)}, ${secondsInWords(late ?? 0)}`,
          threshold: `${bytesInWords(BEHIND)} or ${secondsInWords(LATE)}`,
          advice: "Look at its load, its disks and the network.",
          sql: null,
        },
  unseen: (rows) => (rows.some(({ state }) => state === null) ? `How far standbys are. ${SEE_ALL}` : undefined),
});

const recovery = defineCheck({
  area: "replication",
  title: "how far this standby is behind",
  row: z.object({ late: z.number().nullable(), paused: z.boolean(), receives: z.boolean() }),
  // With nothing left to replay, a standby that receives is not late; otherwise, the age of the last transaction tells.
  sql: `SELECT CASE WHEN pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn() OR NOT receives
        THEN extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) ELSE 0 END AS late, receives,
      CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS paused
    FROM (SELECT EXISTS (SELECT FROM pg_stat_wal_receiver) AS receives) r WHERE pg_is_in_recovery()`,
  find: ({ late, paused, receives }) =>
    (late ?? 0) < LATE && !paused
      ? undefined
      : {
          severity: "warning",
          object: null,
          finding: `this is a standby, and ${paused ? "replay is paused" : receives ? "it is behind" : "no WAL receiver runs"}`,
          figure: `the last transaction replayed is ${secondsInWords(late ?? 0)} old`,
          threshold: secondsInWords(LATE),
          advice: receives
            ? "Answers are as old as that. Long queries on a standby hold replay back."
            : "Answers are as old as that, unless the primary has been idle. Look at the server's log, and at the primary's slots.",
          sql: paused ? "SELECT pg_wal_replay_resume()" : null,
        },
});

export const replicationChecks: readonly Check[] = [slots, standbys, recovery];
