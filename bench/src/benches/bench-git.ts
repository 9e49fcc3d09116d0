import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { byTurns } from "../client/by-turns.ts";
import { requestOf } from "../client/protocol.ts";
import type { Session } from "../client/session.ts";
import { openStdio } from "../client/stdio.ts";
import { writeManyCommits, writeManyFiles, writeUntracked } from "../data/git-repositories.ts";
import { atMost, plain } from "../report/figures.ts";
import type { Figure, Section } from "../report/report.ts";

const SERVER = path.join(
  path.dirname(fileURLToPath(import.meta.resolve("@org/server-git/package.json"))),
  "dist/cli.js",
);
const FLOOR = fileURLToPath(new URL("../subjects/git-floor.mjs", import.meta.url));
const SDK = fileURLToPath(new URL("../subjects/git-sdk.mjs", import.meta.url));
const ERA = "2025-11-25";
const FILES = 5_000;
const COMMITS = 100_000;
const UNTRACKED = 100_000;
const ROUNDS = 40;
/** For commands that take git most of a second. */
const SLOW_ROUNDS = 10;
/** Sessions are long, so typical calls run warm code. */
const WARM_UPS = 20;
/** Milliseconds between two calls; a model takes longer. */
const REST = 20;
/** At most this many times as long as one git command behind stdio. */
const MOST = 1.3;
/** Milliseconds to the first page of a log, whatever the history's length. */
const FIRST_PAGE = 50;
const STATUS = ["status", "--porcelain=v2", "--branch", "-z"];

/** A tool call on a repository, and the command that a person would type. */
interface Pair {
  readonly what: string;
  readonly repository: "files" | "commits" | "untracked";
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly plain: readonly string[];
  readonly isSlow?: boolean;
}

const PAIRS: readonly Pair[] = [
  { what: "status, 5,000 files", repository: "files", tool: "git_status", args: {}, plain: STATUS },
  {
    what: "log of 50, 5,000 files",
    repository: "files",
    tool: "git_log",
    args: { max_count: 50 },
    plain: ["log", "-50"],
  },
  { what: "diff of 20 files in 5,000", repository: "files", tool: "git_diff", args: {}, plain: ["diff"] },
  { what: "status, 100,000 commits", repository: "commits", tool: "git_status", args: {}, plain: STATUS },
  {
    what: "log of 50 in 100,000 commits",
    repository: "commits",
    tool: "git_log",
    args: { max_count: 50 },
    plain: ["log", "-50"],
  },
  {
    what: "log of 50 with files, 100,000 commits",
    repository: "commits",
    tool: "git_log",
    args: { max_count: 50, stats: true },
    plain: ["log", "-50", "--numstat"],
  },
  {
    what: "diff of 50 commits in 100,000",
    repository: "commits",
    tool: "git_diff",
    args: { from: "HEAD~50" },
    plain: ["diff", "HEAD~50", "HEAD"],
  },
  {
    what: "blame of 100 lines in 10,000",
    repository: "commits",
    tool: "git_blame",
    args: { path: "long.txt", start_line: 5000, end_line: 5099 },
    plain: ["blame", "-L5000,5099", "long.txt"],
    isSlow: true,
  },
  {
    what: "status, 100,000 untracked files, counted",
    repository: "untracked",
    tool: "git_status",
    args: {},
    // Without this, git does not look into untracked folders, and counts nothing.
    plain: [...STATUS, "--untracked-files=all"],
  },
];

/** server-git compared with the git command line. */
export async function benchGit(): Promise<Section> {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-git-"));
  try {
    await writeManyFiles(path.join(folder, "files"), FILES);
    await writeManyCommits(path.join(folder, "commits"), COMMITS);
    await writeUntracked(path.join(folder, "untracked"), UNTRACKED);
    const session = await openStdio([SERVER, folder, "--timeout", "5m"], ERA);
    const floor = await openStdio([FLOOR], ERA);
    const sdk = await openStdio([SDK], ERA);
    try {
      const figures: Figure[] = [];
      for (const pair of PAIRS) figures.push(...(await compare({ session, floor, sdk }, folder, pair)));
      return {
        title: `Git: ${FILES.toLocaleString("en")} files, ${COMMITS.toLocaleString("en")} commits, ${UNTRACKED.toLocaleString("en")} untracked files`,
        how: `Over stdio, each call alternating with the git command that a person would type. A Node program of a few lines starts that command for each request, without a protocol, and so does a server with only the SDK. ${WARM_UPS} rounds beforehand are not counted, and there are ${REST} ms between two calls. Nearly all calls start git once.`,
        figures,
      };
    } finally {
      await Promise.all([session.close(), floor.close(), sdk.close()]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(
  { session, floor, sdk }: Readonly<Record<"session" | "floor" | "sdk", Session>>,
  folder: string,
  { what, repository, tool, args, plain: typed, isSlow }: Pair,
): Promise<Figure[]> {
  const request = requestOf(ERA, "tools/call", { name: tool, arguments: { repo_path: repository, ...args } });
  const bare = requestOf(ERA, "tools/call", {
    name: "git",
    arguments: { cwd: path.join(folder, repository), args: typed },
  });
  const times = await byTurns(
    { ours: () => session.ask(request), git: () => floor.ask(bare), sdk: () => sdk.ask(bare) },
    isSlow ? SLOW_ROUNDS : ROUNDS,
    WARM_UPS,
    REST,
  );
  return [
    tool === "git_log" && repository === "commits"
      ? atMost(what, times("ours"), FIRST_PAGE, "ms", 1)
      : plain(what, times("ours"), "ms"),
    plain(`${what}: git behind stdio`, times("git"), "ms"),
    plain(`${what}: times that`, times("ours", "git"), "times", 2),
    plain(`${what}: git in a server with only the SDK`, times("sdk"), "ms"),
    atMost(`${what}: times that`, times("ours", "sdk"), MOST, "times"),
  ];
}
