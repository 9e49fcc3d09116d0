import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Revision } from "./expected.ts";

const run = promisify(execFile);
const LOADER = new URL("./loader.mjs", import.meta.url).href;
const SUITE = path.join(
  path.dirname(fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/package.json"))),
  "dist/index.js",
);

export interface Check {
  /** `scenario:check` */
  readonly name: string;
  readonly status: string;
  readonly message: string;
}

/**
 * Runs the official suite's server scenarios for a revision and returns each check of the named ones. The
 * suite's own verdict is ignored, since it fails for scenarios that call tools of its own server.
 * @param folder an empty folder for the suite's results
 * @throws Error when a named scenario did not run
 */
export async function runConformance(
  url: string,
  revision: Revision,
  scenarios: readonly string[],
  folder: string,
): Promise<Check[]> {
  const args = ["--import", LOADER, SUITE, "server", "--url", url, "--requirements", revision, "-o", folder];
  const printed = await run(process.execPath, args, { maxBuffer: 1 << 26, timeout: 120_000 }).then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const ran = await readdir(folder).catch(() => []);
  const checks = scenarios.map(async (scenario) => {
    const results = ran.find((entry) => /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1] === scenario);
    if (results === undefined) throw new Error(`the suite did not run ${scenario}:\n${printed.slice(0, 2000)}`);
    const found: { id: string; status: string; errorMessage?: string }[] = JSON.parse(
      await readFile(path.join(folder, results, "checks.json"), "utf8"),
    );
    if (found.length === 0) throw new Error(`${scenario} checked nothing`);
    return found.map(({ id, status, errorMessage = "" }) => ({
      name: `${scenario}:${id}`,
      status,
      message: errorMessage,
    }));
  });
  return (await Promise.all(checks)).flat();
}
