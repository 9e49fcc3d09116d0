import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { INITIALIZE, type Reply, type Request, requestOf } from "../client/protocol.ts";
import type { Command } from "../client/session.ts";
import { timeStart } from "../client/start.ts";
import { openStdio } from "../client/stdio.ts";
import { KINDS, type NotesQuery, notesQueries, queriesOf } from "../data/notes-queries.ts";
import { writeSampleNotes } from "../data/notes-vault.ts";
import { atMost, plain } from "../report/figures.ts";
import { progress } from "../report/progress.ts";
import type { Figure, Section } from "../report/report.ts";
import { type Spread, spreadOf } from "../report/stats.ts";
import { FLOOR } from "../subjects/subjects.ts";

const run = promisify(execFile);
const SERVER = path.join(
  path.dirname(createRequire(import.meta.url).resolve("@org/server-notes/package.json")),
  "dist/cli.js",
);
const NOTES_FLOOR = fileURLToPath(new URL("../subjects/notes-floor.mjs", import.meta.url));
/** The number of notes for which the targets hold. */
const USUAL = 10_000;
/** Fewer for a larger folder, where each takes half a minute. */
const coldStarts = (count: number) => (count > USUAL ? 2 : 5);
const WARM_STARTS = 15;
const SEARCHES = 900;
const SEARCHES_OF_A_KIND = 60;
const GREPS = 10;

/** Searching a folder of notes through the server, as a host does. */
export async function benchNotes(count = USUAL): Promise<Section> {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-notes-"));
  try {
    const notes = path.join(folder, "notes");
    const bytes = await writeSampleNotes(notes, count);
    const index = path.join(folder, "index");
    const command = [SERVER, notes, "--index-dir", index];
    progress("the notes are written");
    const cold: Built[] = [];
    const readAll: number[] = [];
    for (let start = 0; start < coldStarts(count); start += 1) {
      await rm(index, { recursive: true, force: true });
      readAll.push(await timeFloor("read", notes));
      cold.push(await build(command));
      progress(`cold index, ${cold.length} of ${coldStarts(count)}`);
    }
    const warm: number[] = [];
    const statAll: number[] = [];
    for (let start = 0; start < WARM_STARTS; start += 1) {
      statAll.push(await timeFloor("stat", notes));
      warm.push(await timeStart({ command, requests: [INITIALIZE, searchFor({ query: "zzz" })] }));
      progress(`warm start, ${warm.length} of ${WARM_STARTS}`);
    }
    const { times, rss } = await searchMany(command, firstQueries(SEARCHES));
    const kinds = await searchKinds(command);
    const limit = (what: string, spread: Spread, most: number, unit: string) =>
      count === USUAL ? atMost(what, spread, most, unit, 1) : plain(what, spread, unit);
    return {
      title: `Notes: search over ${count.toLocaleString("en")} notes`,
      how: `${(bytes / 1e6).toFixed(1)} MB of notes in several languages, with links, tags and front matter; each figure follows its floor, which is bare Node, measured alternately. Cold: from the start of the process, without an index, to a search answered over all notes. Warm: from the start to the first answer, also over all notes. ${SEARCHES} searches one after another: one word, two, a phrase, a prefix, an exclusion, a title, Chinese, Japanese and Korean words, words without their accents, a word with a tag; 10 results with snippets, through stdio.`,
      figures: [
        plain("floor: start and read all files", spreadOf(readAll), "ms"),
        limit("cold index", spreadOf(cold.map(({ ms }) => ms)), 3000, "ms"),
        plain("floor: start and stat all files", spreadOf(statAll), "ms"),
        limit("warm start to the first answer", spreadOf(warm), 400, "ms"),
        plain("floor: one word searched in all files", spreadOf(await grepTimes(notes)), "ms"),
        percentile("search, p50", times, 0.5, count === USUAL ? 6 : undefined),
        percentile("search, p95", times, 0.95, count === USUAL ? 15 : undefined),
        ...kinds,
        { what: "floor: memory of a server without notes", measured: `${(await floorRss()).toFixed(1)} MB` },
        limit("memory, most while indexing", spreadOf(cold.map(({ peak }) => peak)), 150, "MB"),
        limit("memory, after the searches", spreadOf([rss / 2 ** 20]), 150, "MB"),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const searchFor = (query: NotesQuery): Request =>
  requestOf("2025-11-25", "tools/call", { name: "search_notes", arguments: query });

/** Its run time in milliseconds. */
async function timeFloor(work: "read" | "stat", notes: string): Promise<number> {
  const began = performance.now();
  await run(process.execPath, [NOTES_FLOOR, work, notes]);
  return performance.now() - began;
}

async function grepTimes(notes: string): Promise<number[]> {
  const words = firstQueries(GREPS).map(({ query }) => query.toLowerCase());
  const { stdout } = await run(process.execPath, [NOTES_FLOOR, "grep", notes, ...words]);
  const times: number[] = JSON.parse(stdout);
  return times;
}

/** MiB. */
async function floorRss(): Promise<number> {
  const session = await openStdio(FLOOR, "2025-11-25");
  try {
    return (await session.usage()).rss / 2 ** 20;
  } finally {
    await session.close();
  }
}

interface Built {
  readonly ms: number;
  /** MiB. */
  readonly peak: number;
}

/** Starts the server and asks until an answer covers all notes. */
async function build(command: Command): Promise<Built> {
  const began = performance.now();
  const session = await openStdio(command, "2025-11-25");
  try {
    while (!isComplete(await session.ask(searchFor({ query: "zzz" }))))
      await new Promise((resolve) => setTimeout(resolve, 20));
    return { ms: performance.now() - began, peak: (await session.usage()).peak / 2 ** 20 };
  } finally {
    await session.close();
  }
}

function isComplete({ result }: Reply): boolean {
  const { structuredContent: value } = result;
  return typeof value === "object" && value !== null && "complete" in value && value.complete === true;
}

/** Milliseconds of each search, sorted, and the resident set at the end in bytes. */
async function searchMany(command: Command, queries: readonly NotesQuery[]): Promise<{ times: number[]; rss: number }> {
  const session = await openStdio(command, "2025-11-25");
  try {
    const times: number[] = [];
    await session.ask(searchFor({ query: "zzz" }));
    for (const query of queries) {
      const request = searchFor(query);
      const began = performance.now();
      await session.ask(request);
      times.push(performance.now() - began);
      progress(`search, ${times.length} of ${queries.length}`);
    }
    return { times: times.sort((a, b) => a - b), rss: (await session.usage()).rss };
  } finally {
    await session.close();
  }
}

/** A row for each kind; a short prefix takes at most three times as long as a frequent word. */
async function searchKinds(command: Command): Promise<Figure[]> {
  const figures: Figure[] = [];
  let word = Number.NaN;
  for (const kind of KINDS) {
    const { times } = await searchMany(command, queriesOf(kind, SEARCHES_OF_A_KIND));
    if (figures.length === 0) word = times[Math.floor(times.length / 2)] ?? Number.NaN;
    const most = kind.startsWith("prefixes") ? Number((3 * word).toFixed(1)) : undefined;
    figures.push(percentile(`search, p50 of ${kind}`, times, 0.5, most));
  }
  return figures;
}

function firstQueries(count: number): NotesQuery[] {
  const queries = notesQueries();
  return Array.from({ length: count }, () => queries.next().value);
}

function percentile(what: string, sorted: readonly number[], share: number, most: number | undefined): Figure {
  const value = sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  const measured = `${value.toFixed(1)} ms`;
  return most === undefined ? { what, measured } : { what, measured, target: `at most ${most}`, holds: value <= most };
}
