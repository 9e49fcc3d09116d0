import { createInterface } from "node:readline";
import { type Era, INITIALIZED, openingOf, parseReply, type Reply, type Request } from "./protocol.ts";
import { type Command, kill, type Session, startProbed, usageOf } from "./session.ts";

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** Opens a session over stdio in the given revision. */
export async function openStdio(command: Command, era: Era): Promise<Session> {
  const child = startProbed(command, ["pipe", "pipe", "ignore"]);
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("a process without pipes");
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const fail = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
  };
  child.once("exit", () => fail(new Error(`${command.join(" ")} ended before its answer`)));
  createInterface({ input: stdout }).on("line", (line) => {
    try {
      const reply = parseReply(line);
      waiting.get(reply.id)?.resolve(reply);
      waiting.delete(reply.id);
    } catch (error) {
      fail(error);
    }
  });
  const ask = (request: Request) =>
    new Promise<Reply>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: last, ...request })}\n`);
    });
  await ask(openingOf(era));
  if (era === "2025-11-25") stdin.write(`${JSON.stringify(INITIALIZED)}\n`);
  return { ask, usage: () => usageOf(child), close: () => kill(child) };
}
