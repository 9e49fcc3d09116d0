import { beforeAll, describe, expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { useGuard } from "./use-guard.ts";

/** Shorter than 63 bytes in LATIN1, longer in UTF-8. */
const LONG = "ä".repeat(40);
/** Its last letter is the 63rd byte of LATIN1, and the 63rd and 64th of UTF-8. */
const ON_THE_EDGE = `${"a".repeat(62)}é`;

const writing = (name: string) => `CREATE FUNCTION "${name}"() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1'`;

describe("in a database in LATIN1", () => {
  const database = useDatabase(
    `${writing("é")}; ${writing(LONG)}; ${writing(ON_THE_EDGE)};
    CREATE FUNCTION by_text() RETURNS int LANGUAGE sql STABLE AS $$ SELECT ${LONG}() $$;
    CREATE DOMAIN "${LONG}" AS int;
    CREATE FUNCTION by_type() RETURNS int LANGUAGE plpgsql STABLE AS $$ DECLARE a "${LONG}"; BEGIN RETURN 1; END $$;
    CREATE SCHEMA "${LONG}";
    CREATE FUNCTION by_path() RETURNS int LANGUAGE sql STABLE SET search_path = "${LONG}" AS $$ SELECT 1 $$;
    CREATE TABLE "Größen" (id int, "Größe" text); INSERT INTO "Größen" VALUES (1, 'groß')`,
    "LATIN1",
  );
  const guard = useGuard(() => database.readerUrl);

  test.each([
    `SELECT ${LONG}()`,
    `SELECT "${LONG}"()`,
    `SELECT ${ON_THE_EDGE}()`,
    "SELECT by_text()",
    "SELECT by_type()",
    "SELECT by_path()",
    `WITH "${LONG}" AS (SELECT 1) SELECT * FROM "${LONG}"`,
  ])("refuses %s, whose name the server cuts elsewhere", async (sql) => {
    expect(await guard.refusal(sql)).toMatch(/may fold or cut the name/);
  });

  test("judges a name that it reads like the grammar", async () => {
    expect(await guard.refusal("SELECT é()")).toMatch(/é\(\) is volatile/);
  });

  test.each([
    [`SELECT "Größe", 'ÄÖÜ' FROM "Größen" WHERE "Größe" LIKE '%ß'`, [["groß", "ÄÖÜ"]]],
    ["SELECT g.größe FROM (SELECT 1 AS größe) g", [["1"]]],
    [`SELECT '${LONG}'`, [[LONG]]],
    [`SELECT 1 AS "${"a".repeat(63)}"`, [["1"]]],
  ])("answers %s", async (sql, rows) => {
    expect(await guard.values(sql)).toEqual(rows);
  });
});

describe("views with names that the grammar cuts off, in a database in LATIN1", () => {
  const view = (at: number) => `"${LONG}${at}"`;
  const doubling = Array.from(
    { length: 17 },
    (_, at) => `CREATE VIEW ${view(at + 1)} AS SELECT v.x + v.x AS x FROM ${view(at)} v`,
  );
  const database = useDatabase(
    `CREATE TABLE ${view(0)} (x int); ${doubling.join("; ")}; CREATE VIEW doubled AS SELECT x FROM ${view(17)}`,
    "LATIN1",
  );
  const guard = useGuard(() => database.readerUrl);
  test("are recognized as doubling", async () => {
    expect(await guard.refusal("SELECT x FROM doubled")).toMatch(/use each other's columns so often/);
  });
});

describe("a search path with letters outside ASCII, in a database in LATIN1", () => {
  const database = useDatabase(
    `CREATE SCHEMA "Größen"; CREATE TABLE "Größen".sizes (id int); INSERT INTO "Größen".sizes VALUES (1)`,
    "LATIN1",
  );
  beforeAll(() => database.run(`ALTER DATABASE ${database.name} SET search_path = "Größen"`));
  const guard = useGuard(() => database.readerUrl);
  test("applies in the first transaction of a connection and in the next", async () => {
    for (const _ of [1, 2]) expect(await guard.values("SELECT * FROM sizes")).toEqual([["1"]]);
  });
});

describe("in a database in SQL_ASCII", () => {
  const database = useDatabase(
    // The notice about it cannot be sent to a client in UTF-8.
    `DO $$ BEGIN SET client_min_messages = error; EXECUTE '${writing(ON_THE_EDGE).replaceAll("'", "''")}'; END $$;
    CREATE TABLE größen (id int)`,
    "SQL_ASCII",
  );
  const guard = useGuard(() => database.readerUrl);
  test("refuses a name that the server cuts inside a letter", async () => {
    expect(await guard.refusal(`SELECT 1 WHERE ${ON_THE_EDGE}() = 1`)).toMatch(/may fold or cut the name/);
  });
  test("answers with other names", async () => {
    expect(await guard.rows("SELECT * FROM größen")).toBe(0);
  });
});

describe("in a database in EUC_JP", () => {
  const database = useDatabase(`${writing("a¦")}; CREATE TABLE "注文" (id int)`, "EUC_JP");
  const guard = useGuard(() => database.readerUrl);
  test("refuses a name that becomes another one", async () => {
    expect(await guard.refusal("SELECT a¦()")).toMatch(/may fold or cut the name/);
    expect(await guard.refusal("SELECT a￤()")).toMatch(/is volatile/);
  });
  test("answers with other names", async () => {
    expect(await guard.rows("SELECT 注文.id AS 番号 FROM 注文")).toBe(0);
  });
});

describe("in a database in UTF-8", () => {
  const database = useDatabase(`CREATE TABLE "Größen" ("${LONG}" int)`);
  const guard = useGuard(() => database.readerUrl);
  test("answers with names of any kind", async () => {
    expect(await guard.rows(`SELECT "${LONG}" FROM "Größen"`)).toBe(0);
  });
});

describe("a mask with an unquoted name", () => {
  const database = useDatabase(`CREATE TABLE users (id int, É text); INSERT INTO users VALUES (1, 'secret')`);
  const guard = useGuard(() => database.readerUrl, { mask: ["Users.É"] });
  test("applies to the column that PostgreSQL means by it", async () => {
    expect((await guard.run("SELECT É FROM users")).masked.size).toBe(1);
    expect(await guard.refusal("SELECT upper(É) FROM users")).toMatch(/masked column/);
  });
});
