import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type Demo, play } from "./demo/play.ts";
import { createReport } from "./demo/report.ts";

/**
 * `pnpm demo`: drives every built server as a host does, in both protocol eras, and compares each answer with facts
 * known independently. The questions are in demo/servers/, a file per server; `pnpm demo time` plays one. Exits with 1
 * when an answer is wrong or a process does not end as it should.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { packages: { type: "string", default: path.join(import.meta.dirname, "../packages") } },
});
const wanted = positionals.map((name) => `server-${name.replace(/^server-/, "")}`);
const demos = path.join(import.meta.dirname, "demo/servers");
const servers = (await readdir(demos)).map((file) => path.basename(file, ".ts")).sort();
const unknown = wanted.filter((name) => !servers.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no demonstration of ${unknown.join(", ")}. There are ${servers.join(", ")}.\n`);
  process.exit(2);
}
const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const report = createReport((text) => process.stdout.write(text), coloured);

for (const name of wanted.length > 0 ? wanted : servers) {
  const folder = path.resolve(values.packages, name);
  if (!existsSync(folder)) continue;
  const { demo }: { demo: Demo } = await import(pathToFileURL(path.join(demos, `${name}.ts`)).href);
  await play(demo, folder, report);
}
process.stdout.write(`\n${report.right} answers right, ${report.wrong} wrong\n`);
process.exitCode = report.right > 0 && report.wrong === 0 ? 0 : 1;
