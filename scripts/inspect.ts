// Lists each server's tools with the official Inspector, in both protocol eras, and fails when it finds a schema
// that some host could refuse. Run `pnpm --dir scripts run inspect` after a build.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { sampleArguments } from "./lib/samples.ts";

// Fetched on demand: 120 packages for one step of CI would slow down every install of a clone.
const INSPECTOR = "@modelcontextprotocol/inspector@2.12.0";
const PACKAGES = path.resolve(import.meta.dirname, "../packages");

const run = promisify(execFile);

/** Problems with a server's tools, in the Inspector's words; empty if there are none. */
async function inspect(bin: string, args: readonly string[], era: string): Promise<string> {
  // Hides npm's warning that the Inspector requires a newer Node than it needs.
  const npx = ["--yes", "--loglevel=error", `--package=${INSPECTOR}`, "mcp-inspector"];
  const inspector = ["--cli", "--protocol-era", era, process.execPath, bin, ...args];
  try {
    const asked = ["--method", "tools/list", "--strict"];
    const { stdout, stderr } = await run("npx", [...npx, ...inspector, ...asked], { maxBuffer: 1 << 26 });
    const { tools }: { tools?: unknown[] } = JSON.parse(stdout);
    // With only warnings, which go to stderr, it exits with 0.
    return stderr.trim() || (tools?.length ? "" : "It has no tools.");
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return "stderr" in error ? `${error.message}\n${error.stderr}` : error.message;
  }
}

let failed = 0;
for (const folder of await readdir(PACKAGES)) {
  const manifest = await readFile(path.join(PACKAGES, folder, "package.json"), "utf8");
  const { name, bin = {} }: { name: string; bin?: Record<string, string> } = JSON.parse(manifest);
  const data = await mkdtemp(path.join(tmpdir(), "inspect-"));
  const args = await sampleArguments(name, data);
  for (const [command, script] of Object.entries(bin)) {
    for (const era of ["legacy", "modern"]) {
      const finding = await inspect(path.join(PACKAGES, folder, script), args, era);
      process.stdout.write(`${command}, ${era} era: ${finding === "" ? "passed" : `FAILED\n${finding}`}\n`);
      if (finding !== "") failed += 1;
    }
  }
  await rm(data, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
