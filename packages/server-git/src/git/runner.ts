import type { Log } from "@org/server-kit";
import { tooLarge, toToolError } from "./failure.ts";
import { startGit } from "./process.ts";
import { splitRecords } from "./records.ts";
import { askSimpleGit } from "./simple.ts";
import type { GitAnswer, Runner, RunOptions } from "./types.ts";
import type { Waiting } from "./waiting.ts";

const MAX_BYTES = 64 << 20;

export interface RunnerOptions {
  readonly cwd: string;
  /** The complete environment of each process. */
  readonly env: Readonly<Record<string, string>>;
  /** The folders whose paths a message may name. */
  readonly folders: readonly string[];
  readonly log: Log;
  /** Starts most commands faster. */
  readonly waiting?: Waiting;
  /** Whether git may start programs of the user or the repository: to sign, to reach a remote, or as hooks and filters. */
  readonly mayStartPrograms: boolean;
  /** Whether the repository is a partial clone. */
  readonly isPartial: boolean;
}

/**
 * Commands that only read, start no other program, and always print something, if only an error. They go through
 * simple-git; simple.ts says why no others can.
 */
const QUESTIONS = new Set(["config", "rev-parse", "rev-list"]);

/** Runs git with one environment, which must be the hardened one. */
export function createRunner({ cwd, env, folders, log, waiting, mayStartPrograms, isPartial }: RunnerOptions): Runner {
  const start = (args: readonly string[], { signal, input, paths, codes }: RunOptions) => {
    const isPlain = !mayStartPrograms && input === undefined && codes === undefined;
    return startGit({ args, paths, cwd, env, signal, input, waiting: isPlain ? waiting : undefined });
  };

  const failure: Runner["failure"] = (args, { code, stderr }) =>
    toToolError({ args, code, stderr, folders, isPartial });

  const checked = <T extends Pick<GitAnswer, "code" | "stderr">>(
    args: readonly string[],
    found: T,
    options: RunOptions,
  ): T => {
    log.debug("git", { command: args[0], code: found.code });
    if (!(options.codes ?? [0]).includes(found.code)) throw failure(args, found);
    return found;
  };

  const answer = async (args: readonly string[], options: RunOptions): Promise<GitAnswer> => {
    const { signal, input, paths, maxBytes = MAX_BYTES } = options;
    const [command = ""] = args;
    const isPlain = !mayStartPrograms && input === undefined && paths === undefined;
    if (isPlain && QUESTIONS.has(command) && !args.includes("--quiet")) {
      return checked(args, await askSimpleGit({ args, cwd, env, signal, maxBytes }), options);
    }
    const started = start(args, options);
    const pieces: Buffer[] = [];
    let left = maxBytes;
    try {
      for await (const piece of started.output) {
        left -= piece.length;
        if (left < 0) throw tooLarge(maxBytes);
        pieces.push(piece);
      }
    } catch (error) {
      started.stop();
      throw signal.aborted ? signal.reason : error;
    }
    return { ...checked(args, await started.end, options), stdout: Buffer.concat(pieces) };
  };

  async function* chunks(args: readonly string[], options: RunOptions): AsyncGenerator<Buffer, void, undefined> {
    const started = start(args, options);
    let isOver = false;
    try {
      for await (const piece of started.output) yield piece;
      isOver = true;
    } finally {
      // The consumer stopped early, or the stream failed: nobody will read the rest.
      if (!isOver) started.stop();
    }
    checked(args, await started.end, options);
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
