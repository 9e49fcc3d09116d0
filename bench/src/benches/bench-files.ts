import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { byTurns } from "../client/by-turns.ts";
import { requestOf } from "../client/protocol.ts";
import type { Command, Session } from "../client/session.ts";
import { openStdio } from "../client/stdio.ts";
import { FILES, RARE, writeFileTree } from "../data/file-tree.ts";
import { atMost, plain } from "../report/figures.ts";
import type { Figure, Section } from "../report/report.ts";
import { type Spread, spreadOf } from "../report/stats.ts";
import { OFFICIAL } from "../subjects/subjects.ts";

const [OFFICIAL_FILE = ""] = OFFICIAL;
const SERVER = path.join(
  path.dirname(createRequire(import.meta.url).resolve("@org/server-filesystem/package.json")),
  "dist/cli.js",
);
const ERA = "2025-11-25";
const READS = 200;
const LARGE = 60 << 20;

/** The file server compared with the official one, ripgrep and a naive reader, on one tree. */
export async function benchFiles(): Promise<Section> {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-files-"));
  try {
    const tree = path.join(folder, "tree");
    const bytes = await writeFileTree(tree);
    const small = path.join(folder, "small.txt");
    await writeFile(small, `${"x".repeat(63)}\n`.repeat(64));
    const large = path.join(folder, "large.txt");
    await writeFile(large, `${"y".repeat(79)}\n`.repeat(LARGE / 80));
    // A whole tree is more than a model should get, but the official server's answer has no limit.
    const ours = [SERVER, folder, "--max-output", "100000000", "--timeout", "5m"];
    const figures = await withBoth(ours, [OFFICIAL_FILE, folder], async (mine, official) => [
      ...(await compareReads(mine, official, small)),
      ...(await compareTool(mine, official, "directory_tree", { path: tree }, { maxEntries: 100_000 }, 1 / 2)),
      ...(await compareTool(mine, official, "search_files", { path: tree, pattern: "*7.md" }, { limit: 1000 }, 1 / 3)),
      ...(await compareSearch(mine, tree)),
    ]);
    const memory = [
      await memoryOf("read of 60 MB, memory over idle", [SERVER, folder], large, 60),
      await memoryOf("read of 60 MB by the official server, memory over idle", [OFFICIAL_FILE, folder], large),
    ];
    return {
      title: `Files: ${FILES.toLocaleString("en")} files, ${(bytes / 1e6).toFixed(0)} MB`,
      how: `Over stdio, alternating in each round. Reads are of 4 KB, ${READS} one after another. The search is for a word that three files contain: with the server, with ripgrep (rg, if installed), and by reading every file with Node's readFile and checking its lines.`,
      figures: [...figures, ...memory],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withBoth<T>(
  ours: Command,
  theirs: Command,
  work: (mine: Session, official: Session) => Promise<T>,
): Promise<T> {
  const mine = await openStdio(ours, ERA);
  try {
    const official = await openStdio(theirs, ERA);
    try {
      return await work(mine, official);
    } finally {
      await official.close();
    }
  } finally {
    await mine.close();
  }
}

const toolCall = (name: string, args: object) => requestOf(ERA, "tools/call", { name, arguments: args });

async function compareReads(mine: Session, official: Session, file: string): Promise<Figure[]> {
  const request = toolCall("read_text_file", { path: file });
  const many = (session: Session) => async () => {
    for (let count = 0; count < READS; count += 1) await session.ask(request);
  };
  const times = await byTurns({ ours: many(mine), official: many(official) });
  const each = ({ median, low, high }: Spread): Spread => ({
    median: median / READS,
    low: low / READS,
    high: high / READS,
  });
  return [
    plain("read of 4 KB", each(times("ours")), "ms", 2),
    plain("read of 4 KB, official server", each(times("official")), "ms", 2),
    atMost("read of 4 KB against the official server", times("ours", "official"), 1, "times"),
  ];
}

/** @param own arguments that only our server has */
async function compareTool(
  mine: Session,
  official: Session,
  tool: string,
  args: object,
  own: object,
  most: number,
): Promise<Figure[]> {
  const times = await byTurns({
    ours: () => mine.ask(toolCall(tool, { ...args, ...own })),
    official: () => official.ask(toolCall(tool, args)),
  });
  const limit = Math.round(most * 100) / 100;
  return [
    plain(tool, times("ours"), "ms"),
    plain(`${tool}, official server`, times("official"), "ms"),
    atMost(`${tool} against the official server`, times("ours", "official"), limit, "times"),
  ];
}

async function compareSearch(mine: Session, tree: string): Promise<Figure[]> {
  const request = toolCall("search_content", { path: tree, query: RARE });
  const { result } = await mine.ask(request);
  const hits = JSON.stringify(result).split(RARE).length - 1;
  if (hits < 3) throw new Error(`search_content found ${hits} of 3 places`);
  const ours = () => mine.ask(request);
  const naive = () => readAll(tree, RARE);
  const hasRipgrep = await ripgrep(tree).then(
    () => true,
    () => false,
  );
  const slow = await byTurns({ ours, naive }, 3);
  const naiveFigures = [
    plain("search, naive reader", slow("naive"), "ms"),
    atMost("search against the naive reader", slow("ours", "naive"), 0.125, "times", 3),
  ];
  if (!hasRipgrep) {
    return [{ what: "search against ripgrep", measured: "rg is not installed" }, ...naiveFigures];
  }
  const times = await byTurns({ ours, ripgrep: () => ripgrep(tree) });
  return [
    plain("search", times("ours"), "ms"),
    plain("search, ripgrep", times("ripgrep"), "ms"),
    atMost("search against ripgrep", times("ours", "ripgrep"), 2.5, "times"),
    ...naiveFigures,
  ];
}

async function ripgrep(tree: string): Promise<void> {
  const child = spawn("rg", ["--line-number", RARE, tree], { stdio: ["ignore", "pipe", "ignore"] });
  let found = "";
  child.stdout.on("data", (chunk: Buffer) => {
    found += chunk.toString();
  });
  const [code] = await once(child, "close");
  if (code !== 0 || found.split(RARE).length < 4) throw new Error("rg does not find what is there");
}

/** The naive version: reads every file whole, one after another, and checks its lines. */
async function readAll(folder: string, word: string): Promise<number> {
  let found = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) found += await readAll(place, word);
    else for (const line of (await readFile(place, "utf8")).split("\n")) if (line.includes(word)) found += 1;
  }
  return found;
}

/** Peak memory in MiB for reading a large file, above that of the idle server. */
async function memoryOf(what: string, command: Command, file: string, most?: number): Promise<Figure> {
  const peaks: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const session = await openStdio(command, ERA);
    try {
      const { rss } = await session.usage();
      await session.ask(toolCall("read_text_file", { path: file }));
      peaks.push(((await session.usage()).peak - rss) / 2 ** 20);
    } finally {
      await session.close();
    }
  }
  return most === undefined ? plain(what, spreadOf(peaks), "MB") : atMost(what, spreadOf(peaks), most, "MB", 1);
}
