import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { progress } from "../report/progress.ts";
import { type Spread, spreadOf, steady } from "../report/stats.ts";
import { INITIALIZED, parseReply, type Request } from "./protocol.ts";
import { type Command, kill } from "./session.ts";

/** A server to start, and the requests to send: the time ends with the answer to the last one. */
export interface Candidate {
  readonly command: Command;
  readonly requests: readonly Request[];
  /** The Node that runs it, by default this one. */
  readonly node?: string;
  /** Additional environment variables. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Milliseconds from the start of the process to its last answer. */
export async function timeStart(candidate: Candidate): Promise<number> {
  const { command, requests } = candidate;
  const began = performance.now();
  const child = start(candidate);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (const [at, request] of requests.entries()) {
    if (at === 1 && requests[0]?.method === "initialize") child.stdin.write(`${JSON.stringify(INITIALIZED)}\n`);
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: at, ...request })}\n`);
    const line = await lines.next();
    if (line.done) throw new Error(`${command.join(" ")} ended before its answer`);
    parseReply(line.value);
  }
  const took = performance.now() - began;
  await kill(child);
  return took;
}

function start({ command, node = process.execPath, env }: Candidate) {
  return spawn(node, command, { stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, ...env } });
}

/** Starts a server and lets it exit on its own, so that Node writes its compile cache. */
async function warmUp(candidate: Candidate): Promise<void> {
  const child = start(candidate);
  child.stdin.end(`${JSON.stringify({ jsonrpc: "2.0", id: 0, ...candidate.requests[0] })}\n`);
  child.stdout.resume();
  // The official server does not exit when its stdin ends.
  const timer = setTimeout(() => child.kill(), 1000);
  await once(child, "exit");
  clearTimeout(timer);
}

/** The time of a candidate in one round; the floor's is called "floor". */
export type Round = (name: string) => number;

export interface Starts {
  /** A figure over all rounds in which everything that it needs was steady. */
  over(figure: (time: Round) => number): Spread;
  readonly rounds: number;
}

/** Rounds in which the floor and each candidate must have been steady. */
const STEADY_ROUNDS = 15;
const MOST_ROUNDS = 120;
/** This many are enough if there are no more in the end. */
const FEWEST_ROUNDS = 5;
/** Two starts of one candidate may differ by this factor within a round. */
const STEADY = 1.08;

/**
 * Starts the floor and all candidates in turn and back, over and over. A candidate's two starts in a round
 * must agree, or the round does not count for it. Each is started once beforehand, since a host's later starts are warm.
 * @throws Error when the machine's speed is not steady for long enough
 */
export async function compareStarts(
  floor: Candidate,
  candidates: Readonly<Record<string, Candidate>>,
): Promise<Starts> {
  const entries = Object.entries({ floor, ...candidates });
  const rounds: ReadonlyMap<string, number>[] = [];
  const count = (name: string) => rounds.filter((times) => times.has("floor") && times.has(name)).length;
  for (const [, candidate] of entries) await warmUp(candidate);
  while (entries.some(([name]) => count(name) < STEADY_ROUNDS)) {
    if (rounds.length >= MOST_ROUNDS) {
      if (entries.every(([name]) => count(name) >= FEWEST_ROUNDS)) break;
      throw new Error("the machine is too busy to measure");
    }
    const first = new Map<string, number>();
    const times = new Map<string, number>();
    for (const [name, candidate] of entries) first.set(name, await timeStart(candidate));
    for (const [name, candidate] of entries.toReversed()) {
      const time = steady(first.get(name) ?? Number.NaN, await timeStart(candidate), STEADY);
      if (time !== undefined) times.set(name, time);
    }
    rounds.push(times);
    const fewest = Math.min(...entries.map(([name]) => count(name)));
    progress(`round ${rounds.length}, ${fewest} of ${STEADY_ROUNDS} steady`);
  }
  return {
    over: (figure) =>
      spreadOf(rounds.map((times) => figure((name) => times.get(name) ?? Number.NaN)).filter(Number.isFinite)),
    rounds: rounds.length,
  };
}
