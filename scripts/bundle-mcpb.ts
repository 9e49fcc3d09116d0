import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { ROOT, readServers } from "./lib/repository.ts";
import { bundleMcpb } from "./mcpb/bundle.ts";

/**
 * `pnpm bundle:mcpb [folder]`: makes the .mcpb of every server, for all platforms, and checks each with MCPB's own
 * tool.
 */
// Fetched on demand, since it would slow down every install of a clone.
const MCPB = "@anthropic-ai/mcpb@2.1.2";
const target = path.resolve(process.argv[2] ?? path.join(ROOT, ".release/mcpb"));
const run = promisify(execFile);

for (const server of await readServers()) {
  await run("npx", ["--yes", "--loglevel=error", MCPB, "validate", path.join(ROOT, server.folder, "manifest.json")]);
  const bundle = await bundleMcpb(server, target);
  const { size } = await stat(bundle);
  process.stdout.write(`${bundle}: ${(size / 1e6).toFixed(1)} MB, its manifest is valid\n`);
}
