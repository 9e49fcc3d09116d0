import { identifier } from "./connection/sql.ts";

const ROLE = "mcp_reader";

/**
 * SQL that creates a role with the right to read and nothing else: the layer that holds when all others fail. Only
 * printed, never run.
 * @param schemas `public` by default
 * @param tables if any are given, the role may only read these
 */
export function roleSql(schemas: readonly string[], tables: readonly string[], poolSize: number): string {
  const places = schemas.length > 0 ? schemas : ["public"];
  const named = tables.map((text) => text.split(".").map(identifierOf));
  const own = [...new Set(named.flatMap((parts) => (parts.length > 1 ? (parts[0] ?? []) : [])))];
  const used = tables.length > 0 && schemas.length === 0 && own.length > 0 ? own : places.map(identifier);
  const grants =
    tables.length > 0
      ? named.map(
          (parts) =>
            `GRANT SELECT ON ${(parts.length > 1 ? parts : [used[0] ?? "public", ...parts]).join(".")} TO ${ROLE};`,
        )
      : used.flatMap((schema) => [
          `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${ROLE};`,
          `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${ROLE};`,
          "-- Tables to come: run this as each role that makes tables there.",
          `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${ROLE};`,
        ]);
  return `-- A role for server-postgres that may read and nothing else. Read it, then run it in the database with psql, as its owner.
CREATE ROLE ${ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${poolSize * 2};
-- Give it a password that never stands in a file or a history: \\password ${ROLE}

-- Reading is the default of its sessions too, and a runaway query ends.
ALTER ROLE ${ROLE} SET default_transaction_read_only = on;
ALTER ROLE ${ROLE} SET statement_timeout = '60s';
ALTER ROLE ${ROLE} SET idle_in_transaction_session_timeout = '60s';
-- As a superuser, also: ALTER ROLE ${ROLE} SET temp_file_limit = '1GB';

-- Until PostgreSQL 14, everybody may create objects in public.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- Nobody's temporary tables, and so none of its own.
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO ${ROLE}', current_database()); END $$;

${used.map((schema) => `GRANT USAGE ON SCHEMA ${schema} TO ${ROLE};`).join("\n")}
${grants.join("\n")}

-- Statistics of all queries for top_queries and database_health, if you like: it shows what others query.
-- GRANT pg_read_all_stats TO ${ROLE};
`;
}

const identifierOf = (name: string) => (name.startsWith('"') ? name : identifier(name.toLowerCase()));
