import { BeneathError, type ScanStart } from "@org/beneath";
import { type Call, type Log, quote, ToolError } from "@org/server-kit";
import { type IgnoreTexts, ignoreTextsAbove } from "../glob/ignore-files.ts";
import { PatternError } from "../glob/pattern-error.ts";
import { toToolError } from "../sandbox/errors.ts";
import { joined } from "../sandbox/joined.ts";
import { onReadable } from "../sandbox/look-alike.ts";
import type { Place } from "../sandbox/types.ts";
import { wordsFor } from "../sandbox/words.ts";
import { type JobOutcome, openPool } from "./pool.ts";
import type { Jobs } from "./protocol.ts";

// How a search runs:
// 1. A tool asks `run` for a job below a place: list, tree, find (names) or content (lines). protocol.ts defines them
// all.
// 2. The place is held open as a verified handle (beneath's scan). Nothing below it is looked up by an absolute path.
// 3. A pool (pool.ts) gives the job to a free thread, or queues it. There are three pools, so that an expression that
// runs forever cannot block the listing of a directory.
// 4. In the thread, search.worker.ts opens a scanner on the handle and calls the job (jobs.ts): find-lines.ts,
// find-names.ts, list-names.ts or tree.ts. in-file/ searches the bytes of one file.
// 5. A job calls `goOn` for every entry. At the deadline it returns what it has, with the place to continue from.
// 6. A thread that does not return by then is terminated; the directory stays open until it is gone.
// 7. Two threads may share one content search; merge.ts combines their results into one page, in order.

/** Threads that walk and search below a place. */
export interface Search {
  /** Idle threads for searching in files, among which a job can be shared. */
  idle(isExpression: boolean): number;
  /**
   * Runs a job below a place, or several that share it. At the deadline a job returns what it has. @param prepare
   * returns the arguments of each @throws ToolError; the signal's reason when nothing was begun
   */
  run<Name extends keyof Jobs>(
    name: Name,
    place: Place,
    prepare: (start: ScanStart) => Promise<readonly Jobs[Name]["args"][]> | readonly Jobs[Name]["args"][],
    call: Pick<Call, "signal" | "progress">,
    told?: (part: Jobs[Name]["part"]) => void,
  ): Promise<readonly Ended<Jobs[Name]["result"]>[]>;
  close(): Promise<void>;
}

/** The ignore files above a start, for a job that honours them; a file that is named explicitly is always searched. */
export async function ignoreTextsFor(
  { root }: Place,
  { kind, path }: ScanStart,
  includesIgnored: boolean,
): Promise<readonly IgnoreTexts[] | undefined> {
  return includesIgnored || kind === "file" ? undefined : ignoreTextsAbove(root, path);
}

/** The result of a job, or the file that it was in when it did not end in time. */
export type Ended<Result> = { readonly result: Result } | { readonly stuckIn: string };

export function openSearch(log: Log): Search {
  // Separate threads for each kind: an expression that runs forever, or a search of gigabytes, must not keep
  // directories from being listed.
  const [names, texts, expressions] = [openPool(log), openPool(log), openPool(log)];
  const poolFor = (args: Jobs[keyof Jobs]["args"]) => ("regex" in args ? (args.regex ? expressions : texts) : names);
  return {
    idle: (isExpression) => (isExpression ? expressions : texts).idle(),
    async close() {
      await Promise.all([names, texts, expressions].map((pool) => pool.close()));
    },
    async run(name, place, prepare, { signal, progress }, told) {
      const { value: scan } = await onReadable(place, ({ root, path }) => root.scan(path));
      const { start } = scan;
      const { rules } = place;
      const done: number[] = [];
      const job = (args: Jobs[typeof name]["args"], index: number) =>
        poolFor(args).run({ name, args, start, rules }, signal, (message) => {
          if (message.kind === "part") told?.(message.part);
          if (message.kind !== "progress") return;
          done[index] = message.done;
          void progress(Math.max(0, ...done.filter((count) => count !== undefined)));
        });
      let settled: readonly PromiseSettledResult<JobOutcome>[] = [];
      try {
        settled = await Promise.allSettled((await prepare(start)).map(job));
      } finally {
        // Threads that are being terminated may still be reading the directory.
        void Promise.all(settled.map(goneOf)).finally(scan.close);
      }
      return Promise.all(
        settled.map(async (outcome) => {
          if (outcome.status === "rejected") throw outcome.reason;
          return endedOf(name, place, outcome.value);
        }),
      );
    },
  };
}

const goneOf = (outcome: PromiseSettledResult<JobOutcome>): Promise<void> | undefined =>
  outcome.status === "fulfilled" && outcome.value.kind === "ended" ? outcome.value.gone : undefined;

async function endedOf<Name extends keyof Jobs>(
  _name: Name,
  place: Place,
  outcome: JobOutcome,
): Promise<Ended<Jobs[Name]["result"]>> {
  switch (outcome.kind) {
    case "done":
      return { result: outcome.result };
    case "ended":
      return { stuckIn: joined(place.given, outcome.at) };
    case "refused": {
      const words = outcome.path === "" ? await wordsFor(outcome.code, place) : undefined;
      throw toToolError(new BeneathError(outcome.code, joined(place.given, outcome.path)), words);
    }
    case "pattern":
      throw new ToolError("invalid_input", `the pattern is not valid: ${outcome.message}.`);
    default:
      throw new Error(outcome.kind === "broken" ? outcome.stack : outcome.kind);
  }
}

/** Compiles a client's pattern. @throws ToolError `invalid_input` that names the argument and says what is wrong */
export function understood<T>(argument: string, text: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new ToolError("invalid_input", `${argument}: ${quote(text)} is not valid: ${error.message}.`);
  }
}
