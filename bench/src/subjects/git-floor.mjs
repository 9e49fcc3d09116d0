// One git command behind stdio, as a person would type it: what git costs a host with the least of Node, and no server.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = (text) =>
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } })}\n`);
  if (method !== "tools/call") return answer("");
  const { cwd, args } = params.arguments;
  const git = spawn("git", args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const pieces = [];
  git.stdout.on("data", (piece) => pieces.push(piece));
  git.on("close", (code) => {
    // Nothing to print would be nothing to compare with.
    if (code !== 0 || pieces.length === 0) throw new Error(`git ${args.join(" ")} ended with ${code}`);
    answer(Buffer.concat(pieces).toString());
  });
});
