import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** The address that a server prints when it serves over HTTP; otherwise fails with its output. */
export async function addressOf({ stderr }: Pick<ChildProcess, "stderr">): Promise<string> {
  const said: string[] = [];
  if (stderr) {
    for await (const line of createInterface({ input: stderr })) {
      const [, url] = /^listening on (http:\S+)$/.exec(line) ?? [];
      if (url !== undefined) {
        stderr.resume();
        return url;
      }
      said.push(line);
    }
  }
  throw new Error(`the server ended before it listened:\n${said.join("\n")}`);
}
