// Bare node-postgres behind stdio, without a server.
import { createInterface } from "node:readline";
import { read } from "./postgres-read.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const { sql, max_rows } = params.arguments ?? {};
  const text = method === "tools/call" ? JSON.stringify(await read(sql, max_rows)) : "";
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } })}\n`);
}
