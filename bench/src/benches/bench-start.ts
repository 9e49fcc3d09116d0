import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DISCOVER, INITIALIZE } from "../client/protocol.ts";
import { type Candidate, compareStarts } from "../client/start.ts";
import { atMost, plain } from "../report/figures.ts";
import { announce } from "../report/progress.ts";
import type { Figure, Section } from "../report/report.ts";
import { type Runtime, runtimeOf } from "../subjects/npm.ts";
import { FILES, FLOOR, NOTES, OFFICIAL, OURS, POSTGRES } from "../subjects/subjects.ts";

const SERVERS = ["server-time", "server-filesystem", "server-notes", "server-postgres"] as const;

/**
 * How long a host waits for a server that it starts.
 * @param nodes more versions or paths of Node to run them with, besides the current one
 */
export async function benchStart(nodes: readonly string[]): Promise<Section> {
  const runtimes = [await runtimeOf(process.execPath)];
  for (const node of nodes) runtimes.push(await runtimeOf(node));
  const folder = await mkdtemp(path.join(tmpdir(), "bench-start-"));
  try {
    const files = path.join(folder, "files");
    await mkdir(files);
    await writeFile(path.join(files, "note.md"), "# A note\n");
    const figures: Figure[] = [];
    for (const runtime of runtimes) {
      announce(`start, Node ${runtime.version}`);
      figures.push(...(await measure(runtime, folder)));
    }
    return {
      title: "Start",
      how: "From the start of the process to the first answer; Node 22 and later use the compile cache of an earlier start. Two starts of each in a round. The file server and the notes server have a folder with one file.",
      figures,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure({ path: node, version }: Runtime, folder: string): Promise<Figure[]> {
  const initialize = (...command: string[]): Candidate => ({ command, requests: [INITIALIZE], node });
  const compilesAnew = { ...initialize(...OURS), env: { NODE_DISABLE_COMPILE_CACHE: "1" } };
  const { over } = await compareStarts(initialize(...FLOOR), {
    "server-time": initialize(...OURS),
    "server-filesystem": initialize(...FILES, path.join(folder, "files")),
    "server-notes": initialize(...NOTES, path.join(folder, "files"), "--index-dir", path.join(folder, "index")),
    "server-postgres": initialize(...POSTGRES),
    discover: { ...initialize(...OURS), requests: [DISCOVER] },
    "compiles anew": compilesAnew,
    official: initialize(...OFFICIAL),
  });
  const what = (text: string) => `Node ${version}: ${text}`;
  const ms = (text: string, name: string) =>
    plain(
      what(text),
      over((time) => time(name)),
      "ms",
    );
  const ratio = (text: string, name: string, other: string, most: number) =>
    atMost(
      what(text),
      over((time) => time(name) / time(other)),
      most,
      "times",
    );
  const apart = over((time) => {
    const ratios = SERVERS.map((name) => time(name) / time("floor"));
    return Math.max(...ratios) - Math.min(...ratios);
  });
  return [
    ms("floor (Node and three methods), initialize", "floor"),
    ...SERVERS.map((name) => ms(`${name}, initialize`, name)),
    ms("server-time, server/discover", "discover"),
    ms("server-time, initialize, without Node's compile cache", "compiles anew"),
    ms("official file server, initialize", "official"),
    ...SERVERS.map((name) => ratio(`${name} against the floor`, name, "floor", 2)),
    ratio("server-time (discover) against the floor", "discover", "floor", 2),
    atMost(what("how far the servers are apart, in floors"), apart, 0.1, "times"),
    ratio("server-time against the official one", "server-time", "official", 0.55),
  ];
}
