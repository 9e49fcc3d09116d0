import { expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";

const database = useDatabase(`
CREATE TABLE people (id int, email text, note text);
INSERT INTO people SELECT g, 'a' || g % 3 || '@example.org', repeat('x', 5000) FROM generate_series(1, 90) g;
CREATE VIEW seen AS SELECT * FROM people;
CREATE TABLE logins (at date, email text) PARTITION BY RANGE (at);
CREATE TABLE logins_2026 PARTITION OF logins FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO logins SELECT '2026-05-05', 'b' || g % 3 || '@example.org' FROM generate_series(1, 90) g;
CREATE TABLE visits (at date, email text) PARTITION BY RANGE (at);
CREATE TABLE visits_2026 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO visits SELECT '2026-05-05', 'c' || g % 3 || '@example.org' FROM generate_series(1, 90) g;
CREATE TABLE former () INHERITS (people);
INSERT INTO former SELECT * FROM ONLY people;
CREATE MATERIALIZED VIEW kept AS SELECT id, upper(email) AS address FROM people;
CREATE TABLE folded (id int, email text, lowered text GENERATED ALWAYS AS (lower(email)) STORED);
INSERT INTO folded SELECT id, email FROM people;
CREATE TYPE parcel AS (a int);
CREATE TABLE parcels (id int, p parcel);
INSERT INTO parcels VALUES (7, ROW(1));
CREATE FUNCTION unpack(parcel) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'unpacked'; END $$;
CREATE CAST (parcel AS text) WITH FUNCTION unpack;
ANALYZE;`);
const args = ["--samples", "--mask", "people.email,logins.email,visits_2026.email,folded.email"];
const { ok } = usePostgres(database.readerUrl, { args });

test("some shortened values of each column are shown, but none of a masked one", async () => {
  const { text } = await ok("describe_table", { table: "people" });
  expect(text).toMatch(/id {2}integer.*such as 1, 2, 3/);
  expect(text).not.toContain("@example.org");
  expect(text).not.toContain("x".repeat(100));
  expect((await ok("describe_table", { table: "people", format: "json" })).text).not.toContain("@example.org");
});

test("a partition's columns are masked if its parent's are", async () => {
  const { text } = await ok("describe_table", { table: "logins_2026" });
  expect(text).toContain("such as 2026-05-05");
  expect(text).not.toContain("@example.org");
});

test.each(["visits", "former", "kept", "folded"])(
  "%s shows no value of a column that is masked elsewhere",
  async (table) => {
    for (const format of ["text", "json"]) {
      expect((await ok("describe_table", { table, format })).text).not.toMatch(/@example\.org/i);
    }
  },
);

test("views are not read for sample values", async () => {
  expect((await ok("describe_table", { table: "seen" })).text).not.toContain("such as");
});

test("a table whose values are converted to text by other users' functions is not read", async () => {
  const { text } = await ok("describe_table", { table: "parcels" });
  expect(text).toContain("parcel");
  expect(text).not.toContain("such as");
});
