import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startCluster } from "../../../packages/server-postgres/test/cluster/start.ts";
import { requestOf } from "../client/protocol.ts";
import type { Command, Session } from "../client/session.ts";
import { openStdio } from "../client/stdio.ts";
import { atMost, plain } from "../report/figures.ts";
import { progress } from "../report/progress.ts";
import type { Section } from "../report/report.ts";
import { spreadOf } from "../report/stats.ts";
import { POSTGRES } from "../subjects/subjects.ts";

const require = createRequire(import.meta.url);
const FLOOR = fileURLToPath(new URL("../subjects/postgres-floor.mjs", import.meta.url));
const SDK = fileURLToPath(new URL("../subjects/postgres-sdk.mjs", import.meta.url));
const OFFICIAL = path.join(
  path.dirname(require.resolve("@modelcontextprotocol/server-postgres/package.json")),
  "dist/index.js",
);

const ROUNDS = 20;
const CALLS = 50;
/** Calls until the code is as fast as it gets: a model's session is long, and the baseline warms up soon. */
const WARM_UP = 2000;
const TEN_MILLION = "SELECT g, h, md5(g::text) FROM generate_series(1, 10000) g, generate_series(1, 1000) h";
const ANALYSIS =
  "SELECT d.month, count(*) AS orders, sum(d.total) OVER (ORDER BY d.month) FROM (SELECT date_trunc('month', placed) AS month, total FROM orders WHERE lower(state) LIKE 'o%') d GROUP BY d.month, d.total ORDER BY 1";
/** The worst results for memory: long values, many rows, many columns. */
const HEAVY = [
  "SELECT repeat('x', 50000000)",
  TEN_MILLION,
  "SELECT repeat('y', 1000000) FROM generate_series(1, 100)",
  `SELECT ${Array.from({ length: 1600 }, (_, at) => `g AS column_${at}`).join(", ")} FROM generate_series(1, 100000) g`,
];

const call = (sql: string, more: object = {}) =>
  requestOf("2025-11-25", "tools/call", { name: "query", arguments: { sql, ...more } });

/** server-postgres compared with bare node-postgres and the archived official server, on one PostgreSQL server. */
export async function benchPostgres(): Promise<Section> {
  const cluster = await startCluster();
  // Inherited by child processes: a password does not belong on a command line, where the official server wants it.
  process.env.DATABASE_URL = cluster.url;
  const sessions = new Map<string, Session>();
  try {
    const open = async (name: string, command: Command) => {
      const session = await openStdio(command, "2025-11-25");
      sessions.set(name, session);
      return session;
    };
    const ours = await open("ours", [...POSTGRES, "--allow-superuser"]);
    const floor = await open("floor", [FLOOR]);
    const sdk = await open("sdk", [SDK]);
    const official = await open("official", [OFFICIAL, cluster.url]);
    await prepareTables(cluster.url);
    for (const session of [floor, ours, sdk]) {
      for (let at = 0; at < WARM_UP; at += 1) await session.ask(call("SELECT 1"));
    }
    const one = await byTurns("select 1", { floor, ours, sdk, official }, call("SELECT 1"), ROUNDS);
    const analysis = await byTurns("an analysis", { floor, ours, official }, call(ANALYSIS), ROUNDS);
    const first = await byTurns(
      "first rows of ten million",
      { floor, ours },
      call(TEN_MILLION, { max_rows: 100 }),
      10,
      1,
    );
    const idle = (await ours.usage()).rss;
    for (const sql of HEAVY) await ours.ask(call(sql));
    const { rss } = await ours.usage();
    return {
      title: "server-postgres: a query",
      how: `Milliseconds per call over stdio, as the mean of ${CALLS} calls, alternating. The floor is bare node-postgres with the same transaction and cursor, in three round trips, behind stdio without a protocol, and again in a server with only the SDK; our server sends the ROLLBACK together with the query. The guard's share is the difference when the same text is asked again. Memory: resident set after the small queries, and after a value of 50 MB, ten million rows, a hundred values of 1 MB, and 1,600 columns.`,
      figures: [
        plain("floor: SELECT 1", spreadOf(one.floor), "ms", 2),
        plain("SELECT 1", spreadOf(one.ours), "ms", 2),
        plain("SELECT 1, times the floor", spreadOf(ratios(one.ours, one.floor)), "times", 2),
        plain("SELECT 1, in a server with only the SDK", spreadOf(one.sdk ?? []), "ms", 2),
        atMost("SELECT 1, times that", spreadOf(ratios(one.ours, one.sdk ?? [])), 1.5, "times"),
        plain("SELECT 1, official", spreadOf(one.official ?? []), "ms", 2),
        plain("floor: an analysis", spreadOf(analysis.floor), "ms", 2),
        atMost("an analysis, over the floor", spreadOf(differences(analysis.ours, analysis.floor)), 0.6, "ms"),
        plain("an analysis, official", spreadOf(analysis.official ?? []), "ms", 2),
        plain("floor: first of ten million rows", spreadOf(first.floor), "ms"),
        atMost("first of ten million rows, over the floor", spreadOf(differences(first.ours, first.floor)), 50, "ms"),
        atMost("memory over idle, after the heaviest queries", spreadOf([(rss - idle) / 2 ** 20]), 40, "MB", 1),
      ],
    };
  } finally {
    for (const session of sessions.values()) await session.close();
    await cluster.stop();
  }
}

async function prepareTables(url: string): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "CREATE TABLE orders AS SELECT g AS id, date '2024-01-01' + g % 300 AS placed, g * 1.5 AS total, 'open'::text AS state FROM generate_series(1, 200) g; ANALYZE orders",
  );
  await client.end();
}

const NAMES = ["floor", "ours", "sdk", "official"] as const;
type Name = (typeof NAMES)[number];
type Times<K extends string> = Record<K, number[]>;

async function byTurns<K extends Name>(
  what: string,
  sessions: Record<K, Session>,
  request: ReturnType<typeof call>,
  rounds: number,
  calls = CALLS,
): Promise<Times<"floor" | "ours"> & Partial<Times<Name>>> {
  const times: Times<Name> = { floor: [], ours: [], sdk: [], official: [] };
  const open: Partial<Record<string, Session>> = sessions;
  for (let round = -1; round < rounds; round += 1) {
    for (const name of NAMES) {
      const session = open[name];
      if (!session) continue;
      const began = performance.now();
      for (let at = 0; at < calls; at += 1) await session.ask(request);
      // The first round only warms up.
      if (round >= 0) times[name].push((performance.now() - began) / calls);
    }
    progress(`${what}, ${round + 1} of ${rounds}`);
  }
  return times;
}

const differences = (ours: readonly number[], floor: readonly number[]) =>
  ours.map((each, at) => each - (floor[at] ?? 0));
const ratios = (ours: readonly number[], floor: readonly number[]) =>
  ours.map((each, at) => each / (floor[at] ?? each));
