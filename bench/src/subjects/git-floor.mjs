// Git behind stdio: the cost of a command with a minimum of Node, and no server.
import { createInterface } from "node:readline";
import { run } from "./git-run.mjs";

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const text = method === "tools/call" ? await run(params.arguments.args, params.arguments.cwd) : "";
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } })}\n`);
});
