import { randomBytes } from "node:crypto";
import { silent, useCleanup } from "@org/server-kit/testing";
import { Client } from "pg";
import { describe, expect, inject, test } from "vitest";
import { openDatabases } from "../../src/connection/databases.ts";
import type { Session } from "../../src/connection/types.ts";
import { startCluster } from "../cluster/start.ts";
import { useDatabase } from "../postgres.ts";
import { startMessageProxy } from "./message-proxy.ts";

const cleanup = useCleanup();
const made = useDatabase("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 10) g");

function open(url: string, more: { poolSize?: number; timeoutMs?: number } = {}) {
  const settings = {
    database: [],
    demo: false,
    schemas: [],
    poolSize: 4,
    connectTimeout: 5000,
    timeoutMs: 30_000,
    ...more,
  };
  const databases = openDatabases(settings, { DATABASE_URL: url }, silent);
  cleanup(() => databases.close());
  return databases;
}
const connect = (...args: Parameters<typeof open>) => open(...args).find(undefined);
const never = new AbortController().signal;
const ask = (sql: string) => (session: Session) => session.rows(sql);

/** How many sessions run a statement with this mark, as PostgreSQL sees them. */
async function running(mark: string): Promise<number> {
  const [row] = await made.rows(
    `SELECT count(*)::int FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> pg_backend_pid()`,
    [`%${mark}%`],
  );
  return Number(row?.[0]);
}
async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setImmediate(resolve));
}

describe("names are looked up in", () => {
  const placed = useDatabase(
    "CREATE SCHEMA tools; CREATE EXTENSION citext SCHEMA tools; CREATE TABLE t (); CREATE TABLE pg_class ()",
  );
  const onPath = async (configured: string, change: string) => {
    await placed.run(`ALTER DATABASE ${placed.name} SET search_path = ${configured}; ${change}`);
    const [row] = await connect(placed.readerUrl).read(
      never,
      ask("SELECT current_schema(), 'A'::citext = 'a' AS is_same, 'pg_class'::regclass::oid = 1259 AS is_catalogue"),
    );
    return row;
  };

  test("the role's own schemas, then those of extensions, as other tools do", async () => {
    const row = await onPath('"$user", public', "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    expect(row).toEqual({ current_schema: "public", is_same: "t", is_catalogue: "t" });
  });

  test("the schemas of extensions first, if somebody could shadow them", async () => {
    const row = await onPath('"$user", public', "GRANT CREATE ON SCHEMA public TO PUBLIC");
    expect(row).toEqual({ current_schema: "tools", is_same: "t", is_catalogue: "t" });
  });

  test("the catalogue first, wherever the role's path has it", async () => {
    const row = await onPath('public, "pg_catalog"', "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    expect(row).toEqual({ current_schema: "pg_catalog", is_same: "t", is_catalogue: "t" });
  });
});

describe("a session", () => {
  test("only reads, whatever is sent", async () => {
    const database = connect(made.url);
    for (const sql of [
      "INSERT INTO t VALUES (11)",
      "CREATE TABLE u (a int)",
      // Before PostgreSQL 16, a read-only transaction can create large objects; it is rolled back, and the guard
      // refuses lo_create.
      ...(inject("postgresVersion") < 16 ? [] : ["SELECT lo_create(0)"]),
      "SELECT nextval('s')",
      "DO $$ BEGIN INSERT INTO t VALUES (12); END $$",
    ]) {
      await expect(
        database.read(never, (session) => session.answer(sql)),
        sql,
      ).rejects.toThrow();
    }
    expect(await made.rows("SELECT count(*)::int FROM t")).toEqual([[10]]);
  });

  test("takes one statement, and no way out of its transaction", async () => {
    const database = connect(made.url);
    for (const sql of [
      "SELECT 1; SELECT 2",
      "COMMIT; INSERT INTO t VALUES (13)",
      "SET TRANSACTION READ WRITE",
      "SET transaction_read_only = off",
      "SELECT set_config('transaction_read_only', 'off', false)",
    ]) {
      await expect(
        database.read(never, (session) => session.answer(sql)),
        sql,
      ).rejects.toThrow();
    }
    await expect(
      database.read(never, async (session) => {
        await session.answer("COMMIT");
        return session.answer("INSERT INTO t VALUES (14)");
      }),
    ).rejects.toThrow();
    expect(await made.rows("SELECT count(*)::int FROM t")).toEqual([[10]]);
  });

  test("has its limits, and leaves nothing behind", async () => {
    const database = connect(made.url, { poolSize: 1 });
    const names = [
      "statement_timeout",
      "lock_timeout",
      "idle_in_transaction_session_timeout",
      "standard_conforming_strings",
      "DateStyle",
      "search_path",
    ];
    const read = () =>
      database.read(
        never,
        async (session) =>
          (
            await session.rows(
              `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`).join(", ")}, pg_backend_pid() AS pid`,
            )
          )[0],
      );
    const first = await read();
    expect(first).toMatchObject({
      // The call's remaining time: less than its 30 s.
      statement_timeout: expect.stringMatching(/^2\d(\d{3}m)?s$/),
      lock_timeout: "5s",
      standard_conforming_strings: "on",
      DateStyle: "ISO, MDY",
      search_path: '"$user", public, pg_temp',
    });
    expect((await read())?.pid).toBe(first?.pid);
    const [row] = await made.rows(
      "SELECT state, (SELECT count(*)::int FROM pg_locks l WHERE l.pid = a.pid AND l.locktype <> 'virtualxid'), application_name FROM pg_stat_activity a WHERE pid = $1",
      [first?.pid],
    );
    expect(row).toEqual(["idle", 0, ""]);
  });

  test("a database with standard_conforming_strings off is read with it on", async () => {
    await made.run(`ALTER DATABASE ${made.name} SET standard_conforming_strings = off`);
    cleanup(async () => void (await made.run(`ALTER DATABASE ${made.name} RESET standard_conforming_strings`)));
    const [row] = await connect(made.url).read(never, ask("SELECT 'a\\' AS v"));
    expect(row).toEqual({ v: "a\\" });
  });

  test.each([
    ["512MB", "64MB"],
    ["1MB", "1MB"],
  ])("work_mem of %s is %s in it", async (given, taken) => {
    await made.run(`ALTER DATABASE ${made.name} SET work_mem = '${given}'`);
    cleanup(async () => void (await made.run(`ALTER DATABASE ${made.name} RESET work_mem`)));
    const database = connect(made.url, { poolSize: 1 });
    const memory = () => database.read(never, ask("SELECT current_setting('work_mem') AS memory"));
    // In a connection's first transaction, and in later ones.
    expect([await memory(), await memory()]).toEqual([[{ memory: taken }], [{ memory: taken }]]);
  });

  test("discarded, it is never used again", async () => {
    const database = connect(made.url, { poolSize: 1 });
    const pid = async (isDiscarded: boolean) =>
      database.read(never, async (session) => {
        if (isDiscarded) session.discard();
        return (await session.rows("SELECT pg_backend_pid() AS pid"))[0]?.pid;
      });
    const first = await pid(true);
    const second = await pid(false);
    expect(second).not.toBe(first);
    expect(await pid(false)).toBe(second);
  });
});

describe("the pool", () => {
  test("a hundred concurrent calls use four connections, and all are answered", async () => {
    const database = connect(made.url, { poolSize: 4 });
    const pids = await Promise.all(
      Array.from(
        { length: 100 },
        async () =>
          (await database.read(new AbortController().signal, ask("SELECT pg_backend_pid() AS pid, count(*) FROM t")))[0]
            ?.pid,
      ),
    );
    expect(pids).toHaveLength(100);
    expect(new Set(pids).size).toBeLessThanOrEqual(4);
  });

  test("a call that gives up while waiting leaves the queue", async () => {
    const database = connect(made.url, { poolSize: 1 });
    const mark = randomBytes(6).toString("hex");
    const [slow, waiting] = [new AbortController(), new AbortController()];
    const first = database.read(slow.signal, ask(`SELECT pg_sleep(60) /* ${mark} */`));
    await until(async () => (await running(mark)) === 1);
    const second = database.read(waiting.signal, ask("SELECT 2"));
    waiting.abort(new Error("gave up"));
    await expect(second).rejects.toThrow("gave up");
    slow.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    expect(await database.read(never, ask("SELECT 3 AS a"))).toEqual([{ a: "3" }]);
  });
});

describe("cancellation", () => {
  test("stops the query on the server", async () => {
    const database = connect(made.url);
    const mark = randomBytes(6).toString("hex");
    const stop = new AbortController();
    const read = database.read(
      stop.signal,
      ask(`SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b /* ${mark} */`),
    );
    await until(async () => (await running(mark)) === 1);
    stop.abort(new Error("stop"));
    await expect(read).rejects.toThrow("stop");
    await until(async () => (await running(mark)) === 0);
  });

  test("reaches the server before the process may end", async () => {
    const databases = open(made.url);
    const mark = randomBytes(6).toString("hex");
    const stop = new AbortController();
    const read = databases.find(undefined).read(stop.signal, ask(`SELECT pg_sleep(60) /* ${mark} */`));
    await until(async () => (await running(mark)) === 1);
    let isStopped = false;
    const stopped = read.catch(() => (isStopped = true));
    stop.abort(new Error("stop"));
    await new Promise(setImmediate);
    await databases.close();
    await new Promise(setImmediate);
    expect(isStopped).toBe(true);
    await stopped;
  });

  test.skipIf(inject("postgresVersion") < 14 || process.platform !== "linux")(
    "is not needed where the connection is gone, as that of a killed process",
    async () => {
      const proxy = await startMessageProxy(made.url);
      cleanup(async () => proxy.close());
      const mark = randomBytes(6).toString("hex");
      const database = connect(`${proxy.url}?sslmode=disable`, { timeoutMs: 600_000 });
      await database.read(never, ask("SELECT 1"));
      const read = database.read(never, ask(`SELECT pg_sleep(60) /* ${mark} */`));
      await until(async () => (await running(mark)) === 1);
      proxy.close();
      await expect(read).rejects.toMatchObject({ code: "unavailable" });
      await until(async () => (await running(mark)) === 0);
    },
  );

  test("the server itself stops at the deadline", async () => {
    const database = connect(made.url, { timeoutMs: 300 });
    await expect(database.read(never, ask("SELECT pg_sleep(60)"))).rejects.toMatchObject({
      code: "timeout",
      retryable: true,
    });
  });
});

describe("trouble", () => {
  test("a connection that is closed while idle is silently replaced", async () => {
    const database = connect(made.url, { poolSize: 1 });
    const [row] = await database.read(never, ask("SELECT pg_backend_pid() AS pid"));
    await made.rows("SELECT pg_terminate_backend($1)", [row?.pid]);
    expect(await database.read(never, ask("SELECT 1 AS a"))).toEqual([{ a: "1" }]);
  });

  test("a connection closed in the middle of a query is reported, and the next call works", async () => {
    const database = connect(made.url);
    const mark = randomBytes(6).toString("hex");
    const read = database.read(never, ask(`SELECT pg_sleep(60) /* ${mark} */`));
    const failed = expect(read).rejects.toMatchObject({ code: "unavailable", retryable: true });
    await until(async () => (await running(mark)) === 1);
    await made.rows(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid()",
      [`%${mark}%`],
    );
    await failed;
    expect(await database.read(never, ask("SELECT 1 AS a"))).toEqual([{ a: "1" }]);
  });

  test("a stopped server is reported, and used again when it is back", async () => {
    const cluster = await startCluster();
    cleanup(cluster.stop);
    const database = connect(cluster.url);
    await database.read(never, ask("SELECT 1"));
    const running = expect(database.read(never, ask("SELECT pg_sleep(60)"))).rejects.toMatchObject({
      code: "unavailable",
    });
    await cluster.stop();
    await running;
    await expect(database.read(never, ask("SELECT 1"))).rejects.toThrow(/refused the connection|lost/);
  });

  const url = (change: (url: URL) => unknown) => {
    const changed = new URL(inject("postgresUrl"));
    change(changed);
    return changed.href;
  };
  test.each([
    [
      "a wrong password",
      (each: URL) => Object.assign(each, { password: "hunter2" }),
      { code: "access_denied", message: expect.stringMatching(/password is wrong/) },
    ],
    [
      "an unknown user",
      (each: URL) => Object.assign(each, { username: "nobody" }),
      { code: "access_denied", message: expect.stringMatching(/password is wrong/) },
    ],
    [
      "an unknown database",
      (each: URL) => Object.assign(each, { pathname: "/nowhere" }),
      { code: "not_found", message: expect.stringMatching(/no such database/) },
    ],
    [
      "a closed port",
      (each: URL) => Object.assign(each, { port: "1" }),
      { code: "unavailable", message: expect.stringMatching(/127\.0\.0\.1:1 refused the connection/) },
    ],
    [
      "an unknown host",
      (each: URL) => Object.assign(each, { hostname: "no.such.host.invalid" }),
      { code: "unavailable", message: expect.stringMatching(/cannot be (found|looked up)/) },
    ],
  ])("%s is said as such", async (_, change, error) => {
    const failure = await connect(url(change))
      .read(never, ask("SELECT 1"))
      .catch((each: unknown) => each);
    expect(failure).toMatchObject(error);
    expect(String(failure)).not.toMatch(/hunter2|superuser/);
  });

  test("a server without free connections is reported as such", async () => {
    const role = `crowded_${randomBytes(4).toString("hex")}`;
    await made.run(`CREATE ROLE ${role} LOGIN PASSWORD 'p' CONNECTION LIMIT 1`);
    cleanup(async () => void (await made.run(`DROP ROLE ${role}`)));
    const crowded = url((each) => Object.assign(each, { username: role, password: "p" }));
    const taken = new Client({ connectionString: crowded });
    await taken.connect();
    cleanup(() => taken.end());
    await expect(connect(crowded).read(never, ask("SELECT 1"))).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
  });
});
