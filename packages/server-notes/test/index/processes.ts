import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface Started {
  readonly process: ChildProcess;
  /** Resolves with the next line of its output; rejects when there are no more. */
  nextLine(): Promise<string>;
  /** Resolves with the exit code, null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
}

const FIXTURES = {
  index: new URL("./fixtures/index-process.js", import.meta.url),
  lock: new URL("./fixtures/lock-process.js", import.meta.url),
  search: new URL("./fixtures/search-process.js", import.meta.url),
};

/** Runs a fixture as a separate process. @param before shell commands to run first */
export function start(fixture: keyof typeof FIXTURES, args: readonly string[], before = ":"): Started {
  const command = [process.execPath, fileURLToPath(FIXTURES[fixture]), ...args];
  const child = spawn("bash", ["-c", `${before}; exec "$@"`, "bash", ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit").then(([code]): number | null => (typeof code === "number" ? code : null));
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  onTestFinished(kill);
  return {
    process: child,
    exited,
    kill,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the ${fixture} process ended`);
      return value;
    },
  };
}
