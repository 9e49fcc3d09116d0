import type { ToolError } from "@org/server-kit";

/** How to run one git command. */
export interface RunOptions {
  readonly signal: AbortSignal;
  /** Git's stdin; empty by default. */
  readonly input?: string | Buffer;
  /** Paths in any bytes, passed after `--`; without paths, `--` is left out. */
  readonly paths?: readonly Buffer[];
  /** Exit codes that are answers rather than failures, such as 1 from `diff --quiet`; by default only 0. */
  readonly codes?: readonly number[];
  /** Limit of the output in bytes; more is `too_large`. 64 MiB by default. */
  readonly maxBytes?: number;
}

export interface RecordOptions extends RunOptions {
  /** The terminator of a record: NUL by default, or a newline. */
  readonly end?: "\0" | "\n";
}

/** The answer of a git command. */
export interface GitAnswer {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly code: number;
}

/** Runs git in one repository, hardened; arguments begin with the subcommand. */
export interface Runner {
  /** The whole output of a command. @throws ToolError for an unexpected exit code */
  git(args: readonly string[], options: RunOptions): Promise<Buffer>;
  /** Like `git`, but also returns the exit code and stderr. */
  answer(args: readonly string[], options: RunOptions): Promise<GitAnswer>;
  /** The error for an unexpected exit code, for callers of `answer` that check the code themselves. */
  failure(args: readonly string[], answer: Pick<GitAnswer, "code" | "stderr">): ToolError;
  /**
   * The output as it arrives, in pieces of any size. Leaving the loop early stops git and everything it has started.
   * @throws ToolError after the last piece, for an unexpected exit code
   */
  chunks(args: readonly string[], options: RunOptions): AsyncGenerator<Buffer, void, undefined>;
  /** Like `chunks`, one record at a time, without its terminator. */
  records(args: readonly string[], options: RecordOptions): AsyncGenerator<Buffer, void, undefined>;
  /** Like `records`, several at a time: with a hundred thousand of them, every await counts. */
  batches(args: readonly string[], options: RecordOptions): AsyncGenerator<Buffer[], void, undefined>;
}
