import type { TestProject } from "vitest/node";
import { startCluster } from "./start.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** URL of the superuser of the server that the tests share. */
    readonly postgresUrl: string;
  }
}

/** One PostgreSQL server for all test files: a new one, or the one that `TEST_DATABASE_URL` names (as its superuser). */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined) {
    provide("postgresUrl", given);
    return undefined;
  }
  const cluster = await startCluster(["max_connections=120", "shared_preload_libraries=pg_stat_statements"]);
  provide("postgresUrl", cluster.url);
  return cluster.stop;
}
