import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { type Demo, play } from "./demo/play.ts";
import { createReport } from "./demo/report.ts";

/**
 * `pnpm demo`: drives every built server as a host does, in both protocol eras, and compares each answer with what is known
 * without it. What is asked stands in demo/servers/, a file per server. Exits with 1 when an answer is wrong or a process
 * does not end as it should.
 */
const packages = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "../packages"));
const demos = path.join(import.meta.dirname, "demo/servers");
const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const report = createReport((text) => process.stdout.write(text), coloured);

for (const file of (await readdir(demos)).sort()) {
  const folder = path.join(packages, path.basename(file, ".ts"));
  if (!existsSync(folder)) continue;
  const { demo }: { demo: Demo } = await import(pathToFileURL(path.join(demos, file)).href);
  await play(demo, folder, report);
}
process.stdout.write(`\n${report.right} answers right, ${report.wrong} wrong\n`);
process.exitCode = report.right > 0 && report.wrong === 0 ? 0 : 1;
