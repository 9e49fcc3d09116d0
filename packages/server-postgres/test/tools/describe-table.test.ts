import { expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";
import { SHOP } from "../shop.ts";

const WIDE = `CREATE TABLE app.wide (${Array.from({ length: 1500 }, (_, at) => `column_number_${at} int DEFAULT ${at}`).join(", ")});
CREATE INDEX wide_index ON app.wide (column_number_7);`;

const database = useDatabase(SHOP + WIDE);
// The least-privileged role that we recommend: information_schema would show it no keys.
const { ok, error } = usePostgres(database.readerUrl);

test("columns come with types, defaults, comments, enum values and statistics", async () => {
  const { text } = await ok("describe_table", { table: "app.customers" });
  expect(text).toContain("app.customers: table, about 400 rows -- People who buy");
  expect(text).toContain("id  bigint  not null  generated always as identity");
  expect(text).toMatch(/email {2}text {2}not null .*-- How invoices reach them/);
  expect(text).toMatch(/lower_name {2}text {2}generated as lower\(name\)/);
  expect((await ok("describe_table", { table: "orders", schema: "app" })).text).toContain("one of 'open', 'done'");
});

test("a role with only SELECT sees keys in both directions, checks, indexes, triggers and policies", async () => {
  const { text } = await ok("describe_table", { table: "app.customers" });
  for (const line of [
    "customers_pkey: PRIMARY KEY (id)",
    "email_has_at: CHECK (email ~~ '%@%'::text)",
    "app.orders (customer_id) -> (id) on delete cascade",
    "app.profiles (customer_id) -> (id)",
    "CREATE UNIQUE INDEX customers_email_key ON app.customers USING btree (email)",
    "CREATE TRIGGER touch BEFORE UPDATE ON app.customers",
    "own_rows: SELECT to public using true",
  ]) {
    expect(text).toContain(line);
  }
  const items = await ok("describe_table", { table: "items" });
  expect(items.text).toContain("(order_region, order_id) -> app.orders (region, id) on update cascade");
});

test("a name is found exactly first, then in any case, and several are listed", async () => {
  expect((await ok("describe_table", { table: "Customers" })).text).toContain('public."Customers": table');
  expect((await ok("describe_table", { table: "APP.Totals" })).text).toContain("app.totals: materialized view");
  expect(await error("describe_table", { table: "orders" })).toBe(
    'invalid_input: several tables match "orders": app.orders, public.orders. Pass schema.',
  );
  expect(await error("describe_table", { table: "CUSTOMERS" })).toContain("several tables match");
  expect((await ok("describe_table", { table: '"Odd Schema"."We""ird.Table"' })).text).toContain("a b  integer");
  expect((await ok("describe_table", { table: 'We"ird.Table' })).text).toContain("a b  integer");
  expect(await error("describe_table", { table: "costumers" })).toMatch(
    /^not_found: .* Did you mean public\."Customers" or app\.customers\?$/,
  );
  expect((await ok("describe_table", { table: "pg_catalog.pg_class" })).text).toContain("relname  name");
});

test("views show their query, partitioned tables their bounds", async () => {
  expect((await ok("describe_table", { table: "open_orders" })).text).toMatch(/definition:\n\s*SELECT (orders\.)?id,/);
  const { text } = await ok("describe_table", { table: "app.events" });
  expect(text).toContain("partitioned by RANGE (at)");
  expect(text).toContain("app.events_2025 FOR VALUES FROM");
  expect((await ok("describe_table", { table: "app.events_2025" })).text).toContain("partition of app.events");
});

test("the JSON contains all facts", async () => {
  const { blocks } = await ok("describe_table", { table: "app.items", format: "json" });
  const definition: unknown = JSON.parse(blocks[0]?.split("\n")[1] ?? "");
  expect(definition).toMatchObject({
    schema: "app",
    foreign_keys: [{ columns: ["order_region", "order_id"], table: "app.orders", other_columns: ["region", "id"] }],
  });
});

test("with 1,500 columns, it says what is left out, and keeps the keys", async () => {
  const { text } = await ok("describe_table", { table: "wide" });
  expect(text).toContain("wide_index");
  expect(text).toContain("column_number_1200 integer");
});

test("no values are shown unless the operator allows it", async () => {
  const { text } = await ok("describe_table", { table: "public.orders" });
  expect(text).not.toContain("such as");
});
