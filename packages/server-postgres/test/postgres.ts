import { randomBytes } from "node:crypto";
import { Client, type QueryArrayResult, type QueryResult } from "pg";
import { afterAll, beforeAll, inject } from "vitest";

/** A database for one test file or one `describe`, removed afterwards with its sessions and its reader. */
export interface Database {
  readonly name: string;
  /** The superuser's URL. */
  readonly url: string;
  /** The URL of a role that may only SELECT from what the SQL created. */
  readonly readerUrl: string;
  /** The name of that role. */
  readonly reader: string;
  /** Runs SQL as the superuser, without the server under test: several statements, or one with values. */
  run(sql: string, values?: readonly unknown[]): Promise<QueryResult>;
  /** The rows of a query, as the superuser sees them. */
  rows(sql: string, values?: readonly unknown[]): Promise<unknown[][]>;
}

/**
 * Makes a database with what `sql` says in it, before the tests.
 * @param encoding of its text
 */
export function useDatabase(sql = "", encoding = "UTF8"): Database {
  const server = inject("postgresUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const reader = `reader_${name}`;
  const url = urlFor(server, { name });
  let client: Client | undefined;

  beforeAll(async () => {
    const locale = inject("postgresVersion") >= 15 ? "LOCALE_PROVIDER libc LOCALE 'C'" : "LOCALE 'C'";
    const other = encoding === "UTF8" ? "" : `ENCODING ${encoding} ${locale} TEMPLATE template0`;
    await once(server, `CREATE DATABASE ${name} ${other}`);
    await once(url, `CREATE ROLE ${reader} LOGIN PASSWORD 'reader'`);
    client = new Client({ connectionString: url });
    await client.connect();
    if (sql !== "") await client.query(sql);
    await client.query(GRANTS.replaceAll("reader", reader));
  });
  afterAll(async () => {
    await client?.end();
    await once(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await once(server, `DROP ROLE IF EXISTS ${reader}`);
  });

  const connected = (): Client => {
    if (!client) throw new Error("the database is made before the tests, not while they are collected");
    return client;
  };
  return {
    name,
    url,
    reader,
    readerUrl: urlFor(server, { name, user: reader, password: "reader" }),
    run: (text, values) => (values ? connected().query(text, [...values]) : connected().query(text)),
    async rows(text, values = []) {
      const result: QueryArrayResult<unknown[]> = await connected().query({
        text,
        values: [...values],
        rowMode: "array",
      });
      return result.rows;
    },
  };
}

/** Runs SQL on a connection of its own. */
export async function once(url: string, sql: string): Promise<QueryResult> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function urlFor(server: string, { name, user, password }: { name: string; user?: string; password?: string }): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (user !== undefined) url.username = user;
  if (password !== undefined) url.password = password;
  return url.href;
}

const GRANTS = `
DO $$
DECLARE place text;
BEGIN
  FOR place IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO reader', place);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO reader', place);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO reader', place);
  END LOOP;
END $$`;
