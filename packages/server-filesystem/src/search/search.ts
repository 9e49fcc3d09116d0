import { BeneathError, type ScanStart } from "@org/beneath";
import { type Call, type Log, quote, ToolError } from "@org/server-kit";
import { onFiles, toToolError } from "../sandbox/errors.ts";
import { joined, type Place } from "../sandbox/sandbox.ts";
import { wordsFor } from "../sandbox/words.ts";
import { PatternError } from "./pattern-error.ts";
import { type Outcome, openPool } from "./pool.ts";
import type { Jobs } from "./protocol.ts";

/** Threads that walk and search what is below a place. */
export interface Search {
  /** Threads for searches in files that have nothing to do: a job can be shared among them. */
  idle(isExpression: boolean): number;
  /**
   * Does a job below a place, or several that share it. At the deadline a job returns what it has.
   * @param prepare gives the arguments of each
   * @throws ToolError; the signal's reason when nothing was begun
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

/** What came of a job, or in which file it was when it did not end in time. */
export type Ended<Result> = { readonly result: Result } | { readonly stuckIn: string };

export function openSearch(log: Log): Search {
  // Threads of their own for each: an expression that takes for ever, or a search of gigabytes, keeps no directory from
  // being listed until its deadline.
  const [names, texts, expressions] = [openPool(log), openPool(log), openPool(log)];
  const poolFor = (args: Jobs[keyof Jobs]["args"]) => ("regex" in args ? (args.regex ? expressions : texts) : names);
  return {
    idle: (isExpression) => (isExpression ? expressions : texts).idle(),
    async close() {
      await Promise.all([names, texts, expressions].map((pool) => pool.close()));
    },
    async run(name, place, prepare, { signal, progress }, told) {
      const scan = await onFiles(place, () => place.root.scan(place.path));
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
      let settled: readonly PromiseSettledResult<Outcome>[] = [];
      try {
        settled = await Promise.allSettled((await prepare(start)).map(job));
      } finally {
        // Threads that are being ended may still read the directory.
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

const goneOf = (outcome: PromiseSettledResult<Outcome>): Promise<void> | undefined =>
  outcome.status === "fulfilled" && outcome.value.kind === "ended" ? outcome.value.gone : undefined;

async function endedOf<Name extends keyof Jobs>(
  _name: Name,
  place: Place,
  outcome: Outcome,
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
      throw new ToolError("invalid_input", `the pattern is not understood: ${outcome.message}.`);
    default:
      throw new Error(outcome.kind === "broken" ? outcome.stack : outcome.kind);
  }
}

/** Compiles what a client gave. @throws ToolError `invalid_input` that names the argument and says what is wrong */
export function understood<T>(argument: string, text: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new ToolError("invalid_input", `${argument}: ${quote(text)} is not understood: ${error.message}.`);
  }
}
