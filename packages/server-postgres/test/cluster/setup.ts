import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startCluster } from "./start.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The superuser's URL for the server that the tests share. */
    readonly postgresUrl: string;
    /** `18`. */
    readonly postgresVersion: number;
  }
}

/**
 * One PostgreSQL server for all test files: a new one, with what `TEST_POSTGRES_PRELOAD` names, or the one that
 * `TEST_DATABASE_URL` names (as its superuser).
 */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const preload = process.env.TEST_POSTGRES_PRELOAD ?? "pg_stat_statements";
  const given = process.env.TEST_DATABASE_URL;
  const cluster = given
    ? { url: given, stop: undefined }
    : await startCluster(["max_connections=120", `shared_preload_libraries=${preload}`]);
  provide("postgresUrl", cluster.url);
  provide("postgresVersion", await versionOf(cluster.url));
  return cluster.stop;
}

async function versionOf(connectionString: string): Promise<number> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query("SELECT current_setting('server_version_num')::int / 10000 AS version");
  await client.end();
  return rows[0].version;
}
