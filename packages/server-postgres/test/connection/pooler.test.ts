import { silent, useCleanup } from "@org/server-kit/testing";
import { describe, expect, inject, test } from "vitest";
import { openDatabases } from "../../src/connection/databases.ts";
import { type PoolerOptions, startPooler } from "./pooler.ts";

const cleanup = useCleanup();

async function through(options: PoolerOptions) {
  const pooler = await startPooler(inject("postgresUrl"), options);
  const { username, password } = new URL(inject("postgresUrl"));
  const url = `postgres://${username}:${password}@127.0.0.1:${pooler.port}/postgres`;
  const settings = { database: [], demo: false, schemas: [], poolSize: 4, connectTimeout: 10_000, timeoutMs: 20_000 };
  const databases = openDatabases(settings, { DATABASE_URL: url }, silent);
  cleanup(async () => {
    await databases.close();
    await pooler.close();
  });
  return { pooler, database: databases.find(undefined) };
}

const signal = new AbortController().signal;

describe("behind a pooler in transaction mode", () => {
  test("fifty calls with parameters work, each with its limits", async () => {
    const { pooler, database } = await through({ backends: 3 });
    const pids = new Set<string>();
    for (let at = 0; at < 50; at++) {
      const [row] = await database.read(signal, (session) =>
        session.rows(
          "SELECT $1::int + 1 AS n, current_setting('statement_timeout') AS t, current_setting('transaction_read_only') AS r, pg_backend_pid()::text AS pid",
          [String(at)],
        ),
      );
      expect(row).toMatchObject({ n: String(at + 1), t: expect.stringMatching(/^1\d(\d{3}m)?s$/), r: "on" });
      pids.add(row?.pid ?? "");
    }
    expect(pids.size).toBe(3);
    // And nothing of it remains there.
    const left = await pooler.onEach(
      "SELECT current_setting('statement_timeout'), current_setting('search_path'), current_setting('lock_timeout'), current_setting('application_name'), (SELECT count(*)::int FROM pg_prepared_statements), (SELECT count(*)::int FROM pg_cursors)",
    );
    for (const row of left) expect(row).toEqual(["0", '"$user", public', "0", "", 0, 0]);
  });

  test("a ROLLBACK sent with its statement releases the backend", async () => {
    const { pooler, database } = await through({ backends: 2 });
    const asked = Array.from({ length: 40 }, (_, at) => String(at));
    const ask = (at: string) =>
      database.read(new AbortController().signal, async (session) => {
        const rows = session.rows(at === "7" ? "SELECT 1 / 0" : "SELECT $1::text AS v", at === "7" ? [] : [at]);
        session.end();
        return (await rows)[0]?.v;
      });
    const answers = await Promise.allSettled(asked.map(ask));
    const failed = answers.flatMap(({ status }, at) => (status === "rejected" ? [at] : []));
    expect(failed).toEqual([7]);
    expect(answers.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []))).toEqual(
      asked.filter((at) => at !== "7"),
    );
    const left = await pooler.onEach(
      "SELECT current_setting('statement_timeout'), pg_current_xact_id_if_assigned() IS NULL, (SELECT count(*)::int FROM pg_cursors), now() = statement_timestamp()",
    );
    for (const row of left) expect(row).toEqual(["0", true, 0, true]);
  });

  test("concurrent calls do not mix", async () => {
    const { database } = await through({ backends: 2 });
    const asked = Array.from({ length: 40 }, (_, at) => String(at));
    const answers = await Promise.all(
      asked.map((at) =>
        database.read(
          new AbortController().signal,
          async (session) => (await session.rows("SELECT $1::text AS v", [at]))[0]?.v,
        ),
      ),
    );
    expect(answers).toEqual(asked);
  });

  test("a failed statement does not affect the next call", async () => {
    const { database } = await through({ backends: 1 });
    for (let at = 0; at < 5; at++) {
      await expect(database.read(signal, (session) => session.rows("SELECT 1 / 0"))).rejects.toThrow(
        /division by zero/,
      );
      await expect(database.read(signal, (session) => session.rows("SELECT 1 AS a"))).resolves.toEqual([{ a: "1" }]);
    }
  });
});

test("a pooler that splits transactions is refused with the reason", async () => {
  const { database } = await through({ backends: 2, isPerStatement: true });
  await expect(database.read(signal, (session) => session.rows("SELECT 1"))).rejects.toThrow(
    /connection is refused: .*statement/,
  );
});
