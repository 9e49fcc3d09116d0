import { silent } from "@org/server-kit/testing";
import { afterAll, beforeAll } from "vitest";
import { type Databases, openDatabases } from "../../src/connection/databases.ts";
import type { Database } from "../../src/connection/types.ts";
import { admit, prepare } from "../../src/guard/guard.ts";
import { createPolicy, type PolicyOptions } from "../../src/guard/policy.ts";
import { type Cell, readPage } from "../../src/rows/read.ts";

const LIMIT = 50;

/** Only the guard in front of a database, without tools. */
export function useGuard(url: () => string, options: Partial<PolicyOptions> = {}) {
  const policy = createPolicy({ schemas: [], tables: [], mask: [], functions: [], allowSuperuser: false, ...options });
  let databases: Databases | undefined;
  beforeAll(() => {
    const settings = {
      database: [],
      demo: false,
      schemas: policy.schemas,
      poolSize: 2,
      connectTimeout: 10_000,
      timeoutMs: 30_000,
    };
    databases = openDatabases(settings, { DATABASE_URL: url() }, silent);
  });
  afterAll(() => databases?.close());

  const database = (): Database => {
    if (!databases) throw new Error("the guard is there once the tests run");
    return databases.find(undefined);
  };
  const run = async (sql: string, params: readonly string[] = []) => {
    const prepared = await prepare(sql, params);
    return database().read(new AbortController().signal, async (session) => {
      const masked = await admit(session, prepared, policy);
      const keep = { left: 1 << 20, value: 10_000 };
      const page = await readPage(session, prepared, params, { skip: 0, limit: LIMIT, keep, fits: () => true });
      return { ...page, masked };
    });
  };
  return {
    database,
    run,
    rows: async (sql: string, params?: readonly string[]) => (await run(sql, params)).rows.length,
    values: async (sql: string, params?: readonly string[]) =>
      (await run(sql, params)).rows.map((row: readonly Cell[]) => row.map(({ text }) => text)),
    /** The guard's message; fails if the statement was answered. */
    async refusal(sql: string, params?: readonly string[]): Promise<string> {
      const outcome = await run(sql, params).then(
        ({ rows }) => rows,
        (error: unknown) => error,
      );
      if (outcome instanceof Error) return "code" in outcome ? outcome.message : `unexpected: ${outcome.stack}`;
      throw new Error(`answered: ${JSON.stringify(outcome).slice(0, 300)}`);
    },
  };
}
