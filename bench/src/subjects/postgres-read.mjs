// Bare node-postgres: the cost of a SELECT in the same transaction, with each step awaited.
import pg from "pg";

const client = new pg.Client({ connectionString: process.env.DATABASE_URL, pipeline: true });
// The server is stopped after the bench, even if this is still running.
client.on("error", () => process.exit());
await client.connect();

// The settings of server-postgres, one by one.
const SETTINGS = {
  statement_timeout: "29950ms",
  lock_timeout: "5000ms",
  idle_in_transaction_session_timeout: "39950ms",
  standard_conforming_strings: "on",
  client_encoding: "UTF8",
  datestyle: "ISO",
  application_name: "floor",
  search_path: 'pg_catalog, "$user", public, pg_temp',
};
const calls = Object.entries(SETTINGS).map(([name, value]) => `set_config('${name}', '${value}', true)`);
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT txid_current_snapshot(), ${calls.join(", ")}`;

export async function read(sql, limit = 100) {
  await client.query(BEGIN);
  const [, fetched] = await Promise.all([
    client.query({ text: `DECLARE c NO SCROLL CURSOR FOR ${sql}`, queryMode: "extended" }),
    client.query({ text: `FETCH ${limit + 1} FROM c`, queryMode: "extended", rowMode: "array" }),
  ]);
  await client.query("ROLLBACK");
  return fetched.rows.slice(0, limit);
}
