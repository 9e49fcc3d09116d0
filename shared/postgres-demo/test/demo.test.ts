import { expect, test } from "vitest";
import { type DemoServer, openDemo } from "../src/index.ts";

/** A simple query as the protocol has it. */
function query(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5);
  head.write("Q");
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

async function ask(server: DemoServer, sql: string): Promise<string> {
  return Buffer.from(await server.answer(query(sql))).toString("latin1");
}

test("the dump opens as a reader's session, and holds the shop with its two flaws", async () => {
  const server = await openDemo();
  await server.reset();
  expect(await ask(server, "SELECT current_user")).toContain("reader");
  const counts =
    "(SELECT count(*) FROM customers) || ' ' || (SELECT count(*) FROM orders) || ' ' || (SELECT count(*) FROM events)";
  expect(await ask(server, `SELECT ${counts}`)).toContain("2000 12000 13000");
  expect(await ask(server, "SELECT 'enough' FROM order_items HAVING count(*) > 22000")).toContain("SELECT 1");
  expect(
    await ask(
      server,
      "SELECT count(*) || ' copies' FROM pg_indexes WHERE indexdef LIKE '%events USING btree (happened_at)'",
    ),
  ).toContain("2 copies");
  expect(
    await ask(
      server,
      "SELECT count(*) || ' indexes' FROM pg_indexes WHERE indexdef LIKE '%orders USING btree (customer_id)'",
    ),
  ).toContain("0 indexes");
  expect(await ask(server, "DELETE FROM events")).toContain("permission denied");
});
