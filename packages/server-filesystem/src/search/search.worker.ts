import { parentPort } from "node:worker_threads";
import { BeneathError, openScanner } from "@org/beneath";
import { PatternError } from "../glob/pattern-error.ts";
import { createJudge } from "../sandbox/rules.ts";
import { type JobContext, Stopped } from "./job-context.ts";
import { JOBS } from "./jobs.ts";
import type { Jobs, Message, Request } from "./protocol.ts";

// Walking trees happens in a thread: blocking calls are several times as fast, and an expression that runs forever can
// be terminated.

const send = (message: Message) => parentPort?.postMessage(message);

/** Entries between two checks of the clock, and milliseconds between two progress reports. */
const LOOK = 256;
const PROGRESS_MS = 250;

function run<Name extends keyof Jobs>({ name, args, start, rules, stopped, at }: Request<Name>): Jobs[Name]["result"] {
  const isStopped = () => Atomics.load(stopped, 0) !== 0;
  const check = () => {
    if (isStopped()) throw new Stopped();
  };
  const scanner = openScanner(start, { judge: createJudge(rules), check });
  const where = Buffer.from(at.buffer);
  let done = 0;
  let toldAt = performance.now();
  const work: JobContext = {
    start,
    scanner,
    goOn() {
      done += 1;
      if (done % LOOK === 0 && performance.now() - toldAt > PROGRESS_MS) {
        toldAt = performance.now();
        send({ kind: "progress", done });
      }
      return !isStopped();
    },
    enter(path) {
      where[where.write(path, 0, where.length - 1)] = 0;
    },
    tell: (part) => send({ kind: "part", part }),
  };
  try {
    return JOBS[name](work, args);
  } finally {
    scanner.close();
  }
}

parentPort?.on("message", (request: Request) => {
  try {
    send({ kind: "done", result: run(request) });
  } catch (error) {
    send(failureOf(error));
  }
});

function failureOf(error: unknown): Message {
  if (error instanceof BeneathError) return { kind: "refused", code: error.code, path: error.path };
  if (error instanceof PatternError) return { kind: "pattern", message: error.message };
  return { kind: "broken", stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
