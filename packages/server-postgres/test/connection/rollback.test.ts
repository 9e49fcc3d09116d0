import { randomBytes } from "node:crypto";
import { silent, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { openDatabases } from "../../src/connection/databases.ts";
import type { Session } from "../../src/connection/types.ts";
import { useDatabase } from "../postgres.ts";
import { errorMessage, type Hook, startMessageProxy } from "./message-proxy.ts";

const cleanup = useCleanup();
const made = useDatabase();
const never = new AbortController().signal;
const PID = "SELECT pg_backend_pid() AS pid";

async function throughProxy(poolSize = 1) {
  const proxy = await startMessageProxy(`${made.url}?sslmode=disable`);
  const settings = { database: [], demo: false, schemas: [], poolSize, connectTimeout: 5000, timeoutMs: 20_000 };
  const databases = openDatabases(settings, { DATABASE_URL: proxy.url }, silent);
  cleanup(async () => {
    proxy.release();
    await databases.close();
    proxy.close();
  });
  return { proxy, databases, database: databases.find(undefined) };
}

/** A statement that is sent with its ROLLBACK. */
const last = (sql: string) => (session: Session) => {
  const rows = session.rows(sql);
  session.end();
  return rows;
};
const isRollback = (type: string, whole: Buffer) => type === "C" && whole.includes("ROLLBACK");
const until = async (check: () => boolean | Promise<boolean>) => {
  while (!(await check())) await new Promise((resolve) => setImmediate(resolve));
};
const sessions = async (pid: unknown) =>
  (await made.rows("SELECT state FROM pg_stat_activity WHERE pid = $1", [pid])).flat();
const holdRollback: Hook = (type, whole) => (isRollback(type, whole) ? "hold" : whole);

describe("a ROLLBACK sent with the last statement", () => {
  test("reduces a call to two round trips, and leaves the session idle", async () => {
    const { proxy, database } = await throughProxy();
    await database.read(never, last(PID));
    proxy.seen();
    const [row] = await database.read(never, last(PID));
    expect(proxy.seen().replace(/[^Z]/g, "")).toBe("ZZ");
    expect(await sessions(row?.pid)).toEqual(["idle"]);
  });

  test("is sent separately after a failed statement, and the connection is kept", async () => {
    const { database } = await throughProxy();
    const [before] = await database.read(never, last(PID));
    await expect(database.read(never, last("SELECT 1 / 0"))).rejects.toThrow(/division by zero/);
    expect(await sessions(before?.pid)).toEqual(["idle"]);
    expect(await database.read(never, last(PID))).toEqual([before]);
  });

  test("allows no further statement", async () => {
    const { database } = await throughProxy();
    const late = (session: Session) => {
      session.end();
      return session.rows("SELECT 1");
    };
    await expect(database.read(never, late)).rejects.toMatchObject({ code: "access_denied" });
  });

  test("a hundred concurrent calls use four connections, and all are answered", async () => {
    const { database } = await throughProxy(4);
    const asked = Array.from({ length: 100 }, (_, at) => String(at));
    const answers = await Promise.all(
      asked.map((at) =>
        database.read(new AbortController().signal, last(`SELECT '${at}' AS at, pg_backend_pid() AS pid`)),
      ),
    );
    expect(answers.map(([row]) => row?.at)).toEqual(asked);
    expect(new Set(answers.map(([row]) => row?.pid)).size).toBeLessThanOrEqual(4);
  });

  test("a backend that dies before answering it does not lose the answer", async () => {
    const { proxy, database } = await throughProxy();
    const [before] = await database.read(never, last(PID));
    proxy.hook = (type, whole) => (isRollback(type, whole) ? "cut" : whole);
    expect(await database.read(never, last("SELECT 1 AS a"))).toEqual([{ a: "1" }]);
    proxy.release();
    const [after] = await database.read(never, last(PID));
    expect(after?.pid).not.toBe(before?.pid);
  });

  test("if it fails, the answer counts, and the connection is closed", async () => {
    const { proxy, database } = await throughProxy();
    const [before] = await database.read(never, last(PID));
    let isRefused = false;
    proxy.hook = (type, whole) => {
      isRefused ||= isRollback(type, whole);
      if (isRollback(type, whole)) return errorMessage("XX000", "no rollback today");
      return isRefused && type === "Z" ? Buffer.from([...whole.subarray(0, 5), "E".charCodeAt(0)]) : whole;
    };
    expect(await database.read(never, last("SELECT 1 AS a"))).toEqual([{ a: "1" }]);
    proxy.release();
    const [after] = await database.read(never, last(PID));
    expect(after?.pid).not.toBe(before?.pid);
    await until(async () => (await sessions(before?.pid)).length === 0);
  });

  test("a cancellation that the server loses is sent again", async () => {
    const { proxy, database } = await throughProxy();
    const stop = new AbortController();
    const mark = randomBytes(6).toString("hex");
    const ended = database.read(stop.signal, last(`SELECT pg_sleep(15) /* ${mark} */`));
    const running = async () =>
      (await made.rows("SELECT FROM pg_stat_activity WHERE query LIKE $1 AND state = 'active'", [`%${mark}%`])).length;
    await until(async () => (await running()) === 1);
    proxy.lost = 1;
    stop.abort(new Error("stop"));
    await expect(ended).rejects.toThrow("stop");
    expect([proxy.lost, await running()]).toEqual([0, 0]);
  });

  test("a call cancelled while it is in flight ends with its connection", async () => {
    const { proxy, database } = await throughProxy();
    const [before] = await database.read(never, last(PID));
    proxy.hook = holdRollback;
    const stop = new AbortController();
    const call = database.read(stop.signal, last("SELECT 1"));
    await until(() => /C.*C.*C/s.test(proxy.seen()));
    stop.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await until(async () => (await sessions(before?.pid)).length === 0);
    proxy.release();
    const [after] = await database.read(never, last(PID));
    expect(after?.pid).not.toBe(before?.pid);
  });

  test("closing while it is in flight keeps the call's answer, and leaves no session behind", async () => {
    const { proxy, databases, database } = await throughProxy();
    const [before] = await database.read(never, last(PID));
    proxy.hook = holdRollback;
    const call = database.read(never, last("SELECT 1 AS a"));
    await until(() => /C.*C.*C/s.test(proxy.seen()));
    await databases.close();
    proxy.release();
    expect(await call).toEqual([{ a: "1" }]);
    await until(async () => (await sessions(before?.pid)).length === 0);
  });
});
