import { describe, expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";
import { SHOP } from "../shop.ts";

describe("a small schema", () => {
  const database = useDatabase(SHOP);
  const { ok, error } = usePostgres(database.readerUrl);

  test("is drawn with keys, and lines with cardinalities", async () => {
    const { blocks } = await ok("draw_schema", { schema: "app" });
    const [diagram = "", facts] = blocks;
    expect(diagram.split("\n")[0]).toBe("erDiagram");
    expect(diagram).toContain("    bigint customer_id FK\n");
    expect(diagram).toContain('customers["app.customers"] {');
    expect(diagram).toContain('  customers ||--o{ orders : "customer_id"');
    expect(diagram).toContain('  customers |o--o{ orders : "approver_id"');
    expect(diagram).toContain('  customers ||--o| profiles : "customer_id"');
    expect(diagram).not.toContain("events_2025");
    expect(facts).toBe("5 tables, 4 foreign keys");
  });

  test("tables of extensions are drawn when they are named", async () => {
    await database.run(
      "CREATE EXTENSION citext; CREATE TABLE app.of_it (id int); ALTER EXTENSION citext ADD TABLE app.of_it",
    );
    expect((await ok("draw_schema", { schema: "app" })).text).not.toContain("of_it");
    expect((await ok("draw_schema")).text).not.toContain("of_it");
    expect((await ok("draw_schema", { tables: ["app.of_it"] })).text).toContain('of_it["app.of_it"]');
    await database.run("DROP EXTENSION citext CASCADE");
  });

  test("a name that is a keyword in Mermaid is replaced", async () => {
    await database.run('CREATE TABLE app."end" (id int); CREATE TABLE app."erDiagram" (id int)');
    const { text } = await ok("draw_schema", { tables: ["end", "erDiagram"] });
    expect(text).toContain('end_["app.end"] {');
    expect(text).toContain('erDiagram_["app.erDiagram"] {');
    await database.run('DROP TABLE app."end", app."erDiagram"');
  });

  test("can be narrowed to some tables", async () => {
    const { blocks } = await ok("draw_schema", { tables: ["app.orders", "app.items"] });
    expect(blocks[1]).toBe("2 tables, 1 foreign key");
    expect(await error("draw_schema", { tables: ["nothing_like_it"] })).toContain("not_found");
    expect(await error("draw_schema", { schema: "nowhere" })).toContain("no tables to draw");
  });
});

describe("400 tables", () => {
  const tables = Array.from({ length: 400 }, (_, at) => {
    const column = at % 4 === 0 && at > 0 ? ", parent int REFERENCES t0" : "";
    return `CREATE TABLE t${at} (id int PRIMARY KEY${column});`;
  });
  const database = useDatabase(tables.join("\n"));
  const { ok } = usePostgres(database.readerUrl);

  test("the tables with the most links are drawn, and the others are counted", async () => {
    const { blocks } = await ok("draw_schema", {});
    expect(blocks[1]).toMatch(/^60 tables, 59 foreign keys; no room for public\.t\d+, .* and 330 more/);
  });
});
