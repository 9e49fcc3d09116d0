import type { ToolError } from "@org/server-kit";

/** How one git command is run. */
export interface RunOptions {
  readonly signal: AbortSignal;
  /** What git reads from its stdin; nothing by default. */
  readonly input?: string | Buffer;
  /** Names in any bytes, which follow the arguments after `--`; `--` is left out when there are none. */
  readonly paths?: readonly Buffer[];
  /** Exit codes that are answers and not failures, such as the 1 of `diff --quiet`; only 0 by default. */
  readonly codes?: readonly number[];
  /** Bytes of output that are taken; more is `too_large`. 64 MiB by default. */
  readonly maxBytes?: number;
}

export interface RecordOptions extends RunOptions {
  /** What a record ends with: NUL by default, or a newline. */
  readonly end?: "\0" | "\n";
}

/** What a git command answered. */
export interface GitAnswer {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly code: number;
}

/** What runs git in one repository, hardened; arguments begin with the subcommand. */
export interface Runner {
  /** The whole output of a command. @throws ToolError for an exit code that is not expected */
  git(args: readonly string[], options: RunOptions): Promise<Buffer>;
  /** As `git`, with the exit code and what git said on stderr. */
  answer(args: readonly string[], options: RunOptions): Promise<GitAnswer>;
  /** The failure that an answer with an unexpected code is, for whoever has looked at it first. */
  failure(args: readonly string[], answer: Pick<GitAnswer, "code" | "stderr">): ToolError;
  /**
   * The output as it comes, in pieces of any size. Git is stopped, with all that it started, when the loop over them ends
   * early. @throws ToolError after the last piece, for an exit code that is not expected
   */
  chunks(args: readonly string[], options: RunOptions): AsyncGenerator<Buffer, void, undefined>;
  /** As `chunks`, one record at a time, without its end. */
  records(args: readonly string[], options: RecordOptions): AsyncGenerator<Buffer, void, undefined>;
  /** As `records`, several at a time: for a hundred thousand of them, each wait counts. */
  batches(args: readonly string[], options: RecordOptions): AsyncGenerator<Buffer[], void, undefined>;
}
