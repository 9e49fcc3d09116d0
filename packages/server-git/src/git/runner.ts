import { type Log, ToolError } from "@org/server-kit";
import { toToolError } from "./failure.ts";
import { type Started, startGit } from "./process.ts";
import { splitRecords } from "./records.ts";
import type { GitAnswer, Runner, RunOptions } from "./types.ts";

const MAX_BYTES = 64 << 20;

export interface RunnerOptions {
  readonly cwd: string;
  /** The whole environment of each process. */
  readonly env: Readonly<Record<string, string>>;
  /** The folders whose paths a message may name. */
  readonly folders: readonly string[];
  readonly log: Log;
}

/** Runs git with one environment, which has to be the hardened one. */
export function createRunner({ cwd, env, folders, log }: RunnerOptions): Runner {
  const start = (args: readonly string[], { signal, input }: RunOptions) => startGit({ args, cwd, env, signal, input });

  const failure: Runner["failure"] = (args, { code, stderr }) => toToolError({ args, code, stderr, folders });

  const finished = async (args: readonly string[], started: Started, codes: readonly number[] = [0]) => {
    const { code, stderr } = await started.end;
    log.debug("git", { command: args[0], code });
    if (!codes.includes(code)) throw failure(args, { code, stderr });
    return { code, stderr };
  };

  const answer = async (args: readonly string[], options: RunOptions): Promise<GitAnswer> => {
    const started = start(args, options);
    const pieces: Buffer[] = [];
    let left = options.maxBytes ?? MAX_BYTES;
    try {
      for await (const piece of started.stdout) {
        left -= piece.length;
        if (left < 0) throw tooLarge(options.maxBytes ?? MAX_BYTES);
        pieces.push(piece);
      }
    } catch (error) {
      started.stop();
      throw options.signal.aborted ? options.signal.reason : error;
    }
    return { ...(await finished(args, started, options.codes)), stdout: Buffer.concat(pieces) };
  };

  async function* chunks(args: readonly string[], options: RunOptions): AsyncGenerator<Buffer, void, undefined> {
    const started = start(args, options);
    let isOver = false;
    try {
      yield* started.stdout;
      isOver = true;
    } finally {
      // The consumer has stopped, or the stream has failed: nobody reads on.
      if (!isOver) started.stop();
    }
    await finished(args, started, options.codes);
  }

  const batches: Runner["batches"] = (args, options) => splitRecords(chunks(args, options), options.end);

  return {
    git: async (args, options) => (await answer(args, options)).stdout,
    answer,
    failure,
    chunks,
    batches,
    async *records(args, options) {
      for await (const batch of batches(args, options)) yield* batch;
    },
  };
}

const tooLarge = (bytes: number) =>
  new ToolError("too_large", `git answered with more than ${bytes >> 20} MiB. Ask for fewer paths or commits.`);
