import path from "node:path";
import process from "node:process";
import { createServer, NewServerError } from "./new-server/create.ts";

/** `pnpm new-server <name>`: makes packages/server-<name> from examples/minimal-server, and registers it. */
const root = path.join(import.meta.dirname, "..");

try {
  const { folder, changed } = await createServer(root, process.argv.slice(2));
  const next = ["install", "build", "run docs", `--filter ./${folder} run test`];
  process.stdout.write(
    `${folder} is a copy of examples/minimal-server under its own name. Also written: ${changed.join(", ")}.\n\n` +
      `Next:\n${next.map((command) => `  npx -y pnpm@10.34.9 ${command}\n`).join("")}\n` +
      "Then replace count_words by your first tool: docs/writing-a-server.md goes on from there.\n",
  );
} catch (error) {
  if (!(error instanceof NewServerError)) throw error;
  process.stderr.write(`new-server: ${error.message}\n`);
  process.exitCode = 2;
}
