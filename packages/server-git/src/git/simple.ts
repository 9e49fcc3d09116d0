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
 * simple-git rejects arguments and variables that could run programs. Here they are our own hardening, which sets each
 * of these keys to disable it; no value comes from a repository or a client.
 */
const OUR_OWN: SimpleGitOptions["unsafe"] = {
  allowUnsafeConfigEnvCount: true, // GIT_CONFIG_COUNT: how all settings are passed
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
  allowUnsafeTemplateDir: true, // a user's, which has no effect here
};

/** Takes 10 ms, for which the first question to a repository waits. */
export const loadSimpleGit = () => import("simple-git");

/**
 * Runs a command that only reads, starts no other program and always prints something. No other command may use
 * simple-git: it ends git but not its process group, keeps the whole output, leaves git's stdin open, and waits another
 * 50 ms after a command that has printed nothing.
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
    // The caller judges exit codes, and aborts are handled below. Only a git that could not run is an error here.
    errors(error, { exitCode, stdErr }) {
      ended.code = exitCode;
      ended.stderr = Buffer.concat(stdErr).toString("utf8");
      return error instanceof Error && exitCode < 0 ? error : undefined;
    },
  };
  const pieces: Buffer[] = [];
  let left = maxBytes;
  const runner = starting(() => simpleGit(options)).env({ ...env });
  // simple-git's own results are decoded text, in which bytes that are not UTF-8 are lost.
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
