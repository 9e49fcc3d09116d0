import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "../cluster/start.ts";
import { usePostgres } from "../server.ts";

let standby: Cluster;
const url = () => standby.url;
beforeAll(async () => {
  standby = await startCluster([], true);
});
afterAll(() => standby?.stop());
const { ok } = usePostgres(url, { args: ["--allow-superuser"] });

test("every tool answers on a standby", async () => {
  expect((await ok("query", { sql: "SELECT pg_is_in_recovery()" })).blocks[0]).toContain("\nt\n");
  const sql = "SELECT * FROM pg_class WHERE relname = 'x'";
  await ok("explain_query", { sql, analyze: true });
  await ok("list_tables");
  await ok("search_schema", { query: "user" });
  await ok("suggest_indexes", { sql });
  const { value } = await ok("database_health");
  expect(value.not_seen).toEqual([]);
  expect(value.looked_at).toContain("how far this standby is behind");
});
