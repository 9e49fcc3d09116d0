// Bare node-postgres behind stdio: what a SELECT costs with the same transaction and round trips, and no server.
import { createInterface } from "node:readline";
import pg from "pg";

const client = new pg.Client({ connectionString: process.env.DATABASE_URL, pipeline: true });
// The server is stopped after the bench, whether this has ended or not.
client.on("error", () => process.exit());
await client.connect();

const LIMITS = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT ${LIMITS.map((name) => `set_config('${name}', '30s', true)`).join(", ")}`;

async function read(sql, limit) {
  await client.query(BEGIN);
  const [, fetched] = await Promise.all([
    client.query({ text: `DECLARE c NO SCROLL CURSOR FOR ${sql}`, queryMode: "extended" }),
    client.query({ text: `FETCH ${limit + 1} FROM c`, queryMode: "extended", rowMode: "array" }),
  ]);
  await client.query("ROLLBACK");
  return fetched.rows.slice(0, limit);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const { sql, max_rows = 100 } = params.arguments ?? {};
  const text = method === "tools/call" ? JSON.stringify(await read(sql, max_rows)) : "";
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } })}\n`);
}
