import { existsSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { filesystem } from "./demo/filesystem.ts";
import { notes } from "./demo/notes.ts";
import { play } from "./demo/play.ts";
import { createReport } from "./demo/report.ts";
import { time } from "./demo/time.ts";

/**
 * `pnpm demo`: drives every built server as a host does, in both protocol eras, and compares each answer with
 * what is known without it. Exits with 1 when an answer is wrong or a process does not end as it should.
 */
const DEMOS = [filesystem, notes, time];
const packages = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "../packages"));
const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const report = createReport((text) => process.stdout.write(text), coloured);

for (const demo of DEMOS) {
  if (existsSync(path.join(packages, demo.server))) await play(demo, packages, report);
}
process.stdout.write(`\n${report.right} answers right, ${report.wrong} wrong\n`);
process.exitCode = report.right > 0 && report.wrong === 0 ? 0 : 1;
