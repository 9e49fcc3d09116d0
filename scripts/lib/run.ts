import { spawn } from "node:child_process";
import process from "node:process";

export interface Ended {
  readonly code: number | null;
  /** Everything that was printed, without colours. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Written to stdin, which then stays open until `until` matches. */
  readonly input?: string;
  /** Ends the program once this is printed. */
  readonly until?: RegExp;
  readonly timeout?: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const COLOURS = /\u001b\[[\d;?]*[A-Za-z]/g;

/** Runs a program, or a line in a shell, to its end, or until its output matches `until`. Never throws. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env, input, until, timeout = 120_000 } = options;
  return new Promise((resolve) => {
    // In its own group, so that everything it starts ends with it.
    const child = spawn(command, [...args], { cwd, env, stdio: "pipe", detached: true });
    let output = "";
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      } catch {
        // It has already ended.
      }
    };
    const timer = setTimeout(end, timeout);
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (until?.test(output)) end();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.stdin.on("error", () => undefined);
    if (input === undefined) child.stdin.end();
    else child.stdin.write(input);
    child.once("error", (error) => {
      output += error.message;
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output: output.replace(COLOURS, "") });
    });
  });
}
