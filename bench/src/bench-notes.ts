import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { atMost, plain } from "./figures.ts";
import { randomFrom, sampleNotes, writeSampleNotes } from "./notes-vault.ts";
import { INITIALIZE, type Reply, type Request, requestOf } from "./protocol.ts";
import type { Figure, Section } from "./report.ts";
import type { Command } from "./session.ts";
import { timeStart } from "./start.ts";
import { type Spread, spreadOf } from "./stats.ts";
import { openStdio } from "./stdio.ts";

const SERVER = path.join(
  path.dirname(createRequire(import.meta.url).resolve("@org/server-notes/package.json")),
  "dist/cli.js",
);
const COLD_STARTS = 3;
const WARM_STARTS = 15;
const SEARCHES = 600;

/** Search over a folder of notes, through the server as a host drives it. */
export async function benchNotes(): Promise<Section> {
  const count = Number(process.env.BENCH_NOTES ?? 10_000);
  const folder = await mkdtemp(path.join(tmpdir(), "bench-notes-"));
  try {
    const notes = path.join(folder, "notes");
    const bytes = await writeSampleNotes(notes, count);
    const index = path.join(folder, "index");
    const command = [SERVER, notes, "--index-dir", index];
    const cold: Built[] = [];
    for (let start = 0; start < COLD_STARTS; start += 1) {
      await rm(index, { recursive: true, force: true });
      cold.push(await build(command));
    }
    const warm: number[] = [];
    for (let start = 0; start < WARM_STARTS; start += 1) {
      warm.push(await timeStart({ command, requests: [INITIALIZE, searchFor("zzz")] }));
    }
    const { times, rss } = await searchMany(command, queriesFor(count));
    const isUsual = count === 10_000;
    const limit = (what: string, spread: Spread, most: number, unit: string) =>
      isUsual ? atMost(what, spread, most, unit, 1) : plain(what, spread, unit);
    return {
      title: `Notes: search over ${count.toLocaleString("en")} notes`,
      how: `${(bytes / 1e6).toFixed(1)} MB of notes in several languages, with links, tags and front matter. Cold: from the start of the process, without an index, to a search that is answered over all notes. Warm: from the start to the first answer. ${SEARCHES} searches one after the other, of one and two words, phrases, prefixes and Chinese, Japanese and Korean words, 10 results with snippets, through stdio.`,
      figures: [
        limit("cold index", spreadOf(cold.map(({ ms }) => ms)), 3000, "ms"),
        limit("warm start to the first answer", spreadOf(warm), 400, "ms"),
        percentile("search, p50", times, 0.5, isUsual ? 6 : undefined),
        percentile("search, p95", times, 0.95, isUsual ? 15 : undefined),
        limit("memory, most while indexing", spreadOf(cold.map(({ peak }) => peak)), 150, "MB"),
        limit("memory, after the searches", spreadOf([rss / 2 ** 20]), 150, "MB"),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const searchFor = (query: string): Request =>
  requestOf("2025-11-25", "tools/call", { name: "search_notes", arguments: { query } });

interface Built {
  readonly ms: number;
  /** MiB. */
  readonly peak: number;
}

/** Starts the server and asks until an answer is over all notes. */
async function build(command: Command): Promise<Built> {
  const began = performance.now();
  const session = await openStdio(command, "2025-11-25");
  try {
    while (!isComplete(await session.ask(searchFor("zzz")))) await new Promise((resolve) => setTimeout(resolve, 20));
    return { ms: performance.now() - began, peak: (await session.usage()).peak / 2 ** 20 };
  } finally {
    await session.close();
  }
}

function isComplete({ result }: Reply): boolean {
  const { structuredContent: value } = result;
  return typeof value === "object" && value !== null && "complete" in value && value.complete === true;
}

/** Milliseconds of each search, sorted, and the resident set in the end in bytes. */
async function searchMany(command: Command, queries: Generator<string>): Promise<{ times: number[]; rss: number }> {
  const session = await openStdio(command, "2025-11-25");
  try {
    const times: number[] = [];
    await session.ask(searchFor("zzz"));
    for (let count = 0; count < SEARCHES; count += 1) {
      const request = searchFor(queries.next().value);
      const began = performance.now();
      await session.ask(request);
      times.push(performance.now() - began);
    }
    return { times: times.sort((a, b) => a - b), rss: (await session.usage()).rss };
  } finally {
    await session.close();
  }
}

/** Queries for words that are there: frequent and rare ones, as they come in the notes. */
function* queriesFor(count: number): Generator<string> {
  const random = randomFrom(7);
  const texts = [...sampleNotes(Math.min(count, 400))].map(({ text }) => text.slice(text.indexOf("\n# ")));
  while (true) {
    const words = texts[Math.floor(random() * texts.length)]?.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
    const [one = "note", two = "note"] = words.slice(Math.floor(random() * (words.length - 2)));
    yield one;
    yield `${one} ${two}`;
    yield `"${one} ${two}"`;
    yield `${one.slice(0, 3)}*`;
  }
}

function percentile(what: string, sorted: readonly number[], share: number, most: number | undefined): Figure {
  const value = sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  const measured = `${value.toFixed(1)} ms`;
  return most === undefined ? { what, measured } : { what, measured, target: `at most ${most}`, holds: value <= most };
}
