import { describe, expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";
import { SHOP } from "../shop.ts";

const database = useDatabase(SHOP);

describe("with --schemas", () => {
  const { ok, error, client } = usePostgres(database.readerUrl, { args: ["--schemas", "public"] });

  test("no tool shows anything in another schema", async () => {
    const { text } = await ok("list_tables");
    expect(text).toContain('public."Customers"');
    expect(text).not.toContain("app.");
    expect(await error("describe_table", { table: "app.customers" })).toContain("not_found");
    expect(await error("describe_table", { table: "customers", schema: "app" })).not.toContain("app.customers");
    expect((await ok("search_schema", { query: "invoices" })).text).toContain("Nothing");
    expect((await ok("draw_schema", {})).text).not.toContain("profiles");
    const { resources } = await client().listResources();
    expect(resources.map(({ uri }) => uri).sort()).toEqual([
      "postgres://main/public/Customers",
      "postgres://main/public/orders",
    ]);
    await expect(client().readResource({ uri: "postgres://main/app/customers" })).rejects.toMatchObject({
      code: -32602,
    });
  });
});

describe("with --tables", () => {
  const { ok, error } = usePostgres(database.readerUrl, { args: ["--tables", "app.orders,app.items"] });

  test("keys to other tables are not shown either", async () => {
    expect((await ok("list_tables")).blocks[1]).toMatch(/^2 tables/);
    const { text } = await ok("describe_table", { table: "app.orders" });
    expect(text).toContain("app.items (order_region, order_id)");
    expect(text).not.toContain("-> app.customers");
    expect(await error("describe_table", { table: "app.customers" })).toContain("not_found");
  });
});

describe("with an object that shadows one of PostgreSQL's own", () => {
  const trap = `CREATE FUNCTION public.obj_description(oid, text) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
    CREATE FUNCTION public.format(text, name, name) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
    CREATE TABLE public.pg_class (trapped int);`;
  const shadowed = useDatabase(SHOP + trap);
  const { ok } = usePostgres(shadowed.readerUrl);

  test("it is never called", async () => {
    for (const [tool, args] of [
      ["list_tables", {}],
      ["describe_table", { table: "app.customers" }],
      ["search_schema", { query: "customers" }],
      ["database_health", {}],
    ] as const) {
      expect((await ok(tool, args)).text).not.toContain("trapped");
    }
  });
});
