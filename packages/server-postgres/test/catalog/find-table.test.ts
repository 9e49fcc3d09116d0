import { isHeavy, silent } from "@org/server-kit/testing";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { readCatalog } from "../../src/catalog/catalog.ts";
import { findTable } from "../../src/catalog/find-table.ts";
import { openDatabases } from "../../src/connection/databases.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import { useDatabase } from "../postgres.ts";

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
// Difficult parts of names: quotes, dots, case, spaces, pattern characters.
const name = fc.string({ unit: fc.constantFrom("a", "B", '"', ".", " ", "%", "_", "é"), minLength: 1, maxLength: 8 });
const NAMES = fc.sample(fc.tuple(name, name), { numRuns: isHeavy ? 500 : 40, seed: 7 });
const pairs = [
  ...new Map(NAMES.map(([schema, table]) => [`${schema}/${table}`, [`s${schema}`, `t${table}`] as const])).values(),
];

const database = useDatabase(
  pairs
    .map(
      ([schema, table]) =>
        `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}; CREATE TABLE ${quoted(schema)}.${quoted(table)} ();`,
    )
    .join("\n"),
);
const options = { database: [], demo: false, schemas: [], poolSize: 1, connectTimeout: 60_000, timeoutMs: 60_000 };
const policy = createPolicy({ schemas: [], tables: [], mask: [], functions: [], allowSuperuser: false });

let databases: ReturnType<typeof openDatabases>;
beforeAll(() => {
  databases = openDatabases(options, { DATABASE_URL: database.url }, silent);
  return () => databases.close();
});

test("every table is found by its name in SQL, and by name and schema", async () => {
  const signal = new AbortController().signal;
  await readCatalog(databases.find(undefined), policy, signal, async (catalog) => {
    for (const [schema, table] of pairs) {
      const written = `${quoted(schema)}.${quoted(table)}`;
      expect(await findTable(catalog, written)).toMatchObject({ schema, name: table });
      expect(await findTable(catalog, quoted(table), schema)).toMatchObject({ schema, name: table });
    }
  });
});
