import { type Connection, call, connect, ERAS, silent } from "@org/server-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabases } from "../../src/connection/databases.ts";
import { postgresServer } from "../../src/server.ts";

describe.each(ERAS)("--demo, in the %s era", (era) => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect(postgresServer, { era, args: ["--demo", "--timeout", "1m"] });
  });
  afterAll(() => connection?.close());
  const ask = (tool: string, args: Readonly<Record<string, unknown>>) => call(connection.client, tool, args);

  test("queries are answered, and nothing is written", async () => {
    const { text } = await ask("query", {
      sql: "SELECT country, count(*) FROM customers GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
    });
    expect(text).toContain("DE");
    expect((await ask("query", { sql: "DELETE FROM customers" })).isError).toBe(true);
    expect((await ask("query", { sql: "SELECT $1::int + 1 AS sum", params: [41] })).text).toContain("42");
  });

  test("both flaws are found", async () => {
    const { text } = await ask("database_health", {});
    expect(text).toContain(
      "public.orders: no index begins with the columns of the foreign key orders_customer_id_fkey (customer_id)",
    );
    expect(text).toContain("public.events_happened_at: public.events_by_time of public.events has the same columns");
  });

  test("the catalogue is read as on a server", async () => {
    expect((await ask("list_tables", {})).text).toContain("public.customers\ttable\t2000");
    expect((await ask("describe_table", { table: "orders" })).text).toContain("(customer_id) -> public.customers (id)");
    expect((await ask("draw_schema", {})).text).toContain('customers ||--o{ orders : "customer_id"');
    expect((await ask("top_queries", {})).isError).toBe(false);
  });
});

test("cancelling a statement ends its thread, and a new thread answers the next one", async () => {
  const options = { database: [], demo: true, schemas: [], poolSize: 4, connectTimeout: 60_000, timeoutMs: 60_000 };
  const databases = openDatabases(options, {}, silent);
  const database = databases.find(undefined);
  const cancelled = new AbortController();
  const endless = database.read(cancelled.signal, async (session) => {
    await session.rows("SELECT 1");
    const counting = session.rows("SELECT count(*) FROM events a, events b, events c WHERE a.id + b.id + c.id < 0");
    cancelled.abort(new Error("enough"));
    return counting;
  });
  await expect(endless).rejects.toThrow("enough");
  const rows = await database.read(new AbortController().signal, (session) => session.rows("SELECT 6 * 7 AS answer"));
  expect(rows).toEqual([{ answer: "42" }]);
  await databases.close();
});
