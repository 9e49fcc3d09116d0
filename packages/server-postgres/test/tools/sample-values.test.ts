import { expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";

const database = useDatabase(`
CREATE TABLE people (id int, email text, note text);
INSERT INTO people SELECT g, 'a' || g % 3 || '@example.org', repeat('x', 5000) FROM generate_series(1, 90) g;
CREATE VIEW seen AS SELECT * FROM people;
ANALYZE;`);
const args = ["--samples", "--mask", "people.email"];
const { ok } = usePostgres(database.readerUrl, { args });

test("some values of each column are shown, short, and none of a masked one", async () => {
  const { text } = await ok("describe_table", { table: "people" });
  expect(text).toMatch(/id {2}integer.*such as 1, 2, 3/);
  expect(text).not.toContain("@example.org");
  expect(text).not.toContain("x".repeat(100));
  expect((await ok("describe_table", { table: "people", format: "json" })).text).not.toContain("@example.org");
});

test("views are not read for them", async () => {
  expect((await ok("describe_table", { table: "seen" })).text).not.toContain("such as");
});
