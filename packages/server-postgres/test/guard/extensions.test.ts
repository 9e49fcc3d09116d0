import { describe, expect, inject, test } from "vitest";
import { once, useDatabase } from "../postgres.ts";
import { BUNDLES } from "./extensions.ts";
import { useGuard } from "./use-guard.ts";

const { rows } = await once(
  inject("postgresUrl"),
  // TimescaleDB only works if the server was started with it.
  "SELECT name FROM pg_available_extensions WHERE name <> 'timescaledb' OR current_setting('shared_preload_libraries') ~ name",
);
const available = new Set(rows.map(({ name }) => name));
const present = BUNDLES.filter(({ needs }) => needs.every((name) => available.has(name)));
const inPlaces = present.flatMap(({ places = ["public", "extensions", "tools"], ...bundle }) =>
  places.map((place) => ({ ...bundle, place })),
);

/** Has a signature that functions of extensions call if they are given its oid. */
const CALLED = `CREATE FUNCTION app.called(double precision[], integer[], text[]) RETURNS double precision
  LANGUAGE sql VOLATILE AS $$ SELECT 1.0 FROM pg_sleep(1) $$;`;

describe.each(inPlaces)("$name in the schema $place", ({ place, setup, honest, attacks }) => {
  const schemas = `CREATE SCHEMA app; CREATE SCHEMA IF NOT EXISTS ${place};`;
  const database = useDatabase(`${schemas} ${CALLED} ${setup.replaceAll("{schema}", place)}
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database()); END $$;`);
  const guard = useGuard(() => database.readerUrl);

  test.each(honest)("answers %s", async (sql) => {
    expect(await guard.rows(sql)).toBeGreaterThanOrEqual(0);
  });

  if (attacks.length > 0) {
    test.each(attacks)("refuses %s", async (sql) => {
      expect(await guard.refusal(sql)).toMatch(/^refused: /);
    });
  }
});

describe.skipIf(!available.has("postgis_topology"))("with an allow-list", () => {
  const setup = BUNDLES.find(({ name }) => name === "PostGIS with topology")?.setup ?? "";
  const database = useDatabase(`CREATE SCHEMA app; ${setup.replaceAll("{schema}", "public")}`);
  const guard = useGuard(() => database.readerUrl, { schemas: ["app"] });

  test.each(["SELECT ST_EstimatedExtent('hidden', 'places', 'geom')", "SELECT topo::geometry FROM parcels"])(
    "refuses %s, which reads a table that it does not name",
    async (sql) => {
      expect(await guard.refusal(sql)).toMatch(/^refused: /);
    },
  );

  test("answers queries that only use the name of such a function", async () => {
    expect(await guard.rows("SELECT ST_Simplify(outline, 0.1), ST_SRID(outline) FROM areas")).toBe(5);
  });
});
