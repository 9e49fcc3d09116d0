import type { SimpleGitOptions } from "simple-git";
import { startFailure, starting, tooLarge } from "./failure.ts";
import type { GitAnswer } from "./types.ts";

interface SimpleCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}

/**
 * simple-git refuses what it takes for a way to run programs, in arguments and in variables. Here it meets our own hardening,
 * which sets each of these keys in order to turn it off; no value among them is a repository's or a client's.
 */
const OUR_OWN: SimpleGitOptions["unsafe"] = {
  allowUnsafeConfigEnvCount: true, // GIT_CONFIG_COUNT: all settings are given so
  allowUnsafeConfigPaths: true, // GIT_CONFIG_GLOBAL and _SYSTEM, where the user has set them
  allowUnsafeAskPass: true, // set to nothing
  allowUnsafeEditor: true, // false
  allowUnsafePager: true, // cat
  allowUnsafeFsMonitor: true, // false
  allowUnsafeHooksPath: true, // /dev/null
  allowUnsafeGitProxy: true, // nothing
  allowUnsafeSshCommand: true, // false
  allowUnsafeCredentialHelper: true, // nothing
  allowUnsafeGpgProgram: true, // false
  allowUnsafeDiffExternal: true, // nothing
  allowUnsafeDiffTextConv: true, // nothing
  allowUnsafeFilter: true, // nothing
  allowUnsafeMergeDriver: true, // git's own merge
  allowUnsafeProtocolOverride: true, // never
  allowUnsafeTemplateDir: true, // a user's, of no meaning here
};

/** What the first question to a repository waits for, 10 ms. */
export const loadSimpleGit = () => import("simple-git");

/**
 * Runs a command that only reads, begins no other program and always says something. Those alone can go this way: simple-git
 * ends git itself and not its process group, keeps all of the output, gives git a stdin that stays open, and waits 50 ms for
 * more after a command that has said nothing.
 */
export async function askSimpleGit({ args, cwd, env, signal, maxBytes }: SimpleCommand): Promise<GitAnswer> {
  const { simpleGit } = await loadSimpleGit();
  const enough = new AbortController();
  const ended = { code: 0, stderr: "" };
  const options: Partial<SimpleGitOptions> = {
    baseDir: cwd,
    abort: AbortSignal.any([signal, enough.signal]),
    allowEnvironment: Object.keys(env),
    unsafe: OUR_OWN,
    // An exit code is for the caller to judge, and an abort is seen below. Only what kept git from running is an error here.
    errors(error, { exitCode, stdErr }) {
      ended.code = exitCode;
      ended.stderr = Buffer.concat(stdErr).toString("utf8");
      return error instanceof Error && exitCode < 0 ? error : undefined;
    },
  };
  const pieces: Buffer[] = [];
  let left = maxBytes;
  const runner = starting(() => simpleGit(options)).env({ ...env });
  // Its own results are decoded text, in which other bytes are lost.
  runner.outputHandler((_command, stdout) => {
    stdout.on("data", (piece: Buffer) => {
      left -= piece.length;
      if (left < 0) enough.abort();
      else pieces.push(piece);
    });
  });
  await runner.raw([...args]).catch((error: unknown) => {
    signal.throwIfAborted();
    throw startFailure(error);
  });
  signal.throwIfAborted();
  if (enough.signal.aborted) throw tooLarge(maxBytes);
  return { stdout: Buffer.concat(pieces), ...ended };
}
