import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { benchBeneath } from "./benches/bench-beneath.ts";
import { benchCalls } from "./benches/bench-calls.ts";
import { benchFiles } from "./benches/bench-files.ts";
import { benchGit } from "./benches/bench-git.ts";
import { benchInstall } from "./benches/bench-install.ts";
import { benchMemory } from "./benches/bench-memory.ts";
import { benchNotes } from "./benches/bench-notes.ts";
import { benchPostgres } from "./benches/bench-postgres.ts";
import { benchStart } from "./benches/bench-start.ts";
import { benchTools } from "./benches/bench-tools.ts";
import { benchWeather } from "./benches/bench-weather.ts";
import { announce } from "./report/progress.ts";
import { type Section, toMarkdown, toText } from "./report/report.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean" }, node: { type: "string", multiple: true } },
});

const BENCHES: Readonly<Record<string, () => Promise<Section>>> = {
  start: () => benchStart(values.node ?? []),
  tools: benchTools,
  calls: benchCalls,
  memory: benchMemory,
  beneath: benchBeneath,
  files: benchFiles,
  notes: () => benchNotes(),
  postgres: benchPostgres,
  git: benchGit,
  weather: benchWeather,
  install: benchInstall,
};
/** These take minutes, and only run when named. */
const ON_REQUEST: typeof BENCHES = { "notes-100000": () => benchNotes(100_000) };

const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const sections: Section[] = [];
for (const name of names) {
  const bench = BENCHES[name] ?? ON_REQUEST[name];
  if (!bench)
    throw new Error(`There is no bench "${name}". There are ${Object.keys({ ...BENCHES, ...ON_REQUEST }).join(", ")}.`);
  announce(name);
  const section = await bench().catch((error: unknown) => notMeasured(name, error));
  sections.push(section);
  process.stdout.write(`\n${toText(section)}\n`);
}
if (values.write) {
  await writeFile(path.resolve(import.meta.dirname, "../RESULTS.md"), toMarkdown(sections, new Date()));
}

/** A bench that fails must not lose the results of the others. */
function notMeasured(name: string, error: unknown): Section {
  process.exitCode = 1;
  const message = error instanceof Error ? error.message : String(error);
  return { title: name, how: "Nothing was measured.", figures: [{ what: name, measured: message, holds: false }] };
}
