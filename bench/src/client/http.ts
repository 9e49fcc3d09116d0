import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { type Era, openingOf, parseReply, type Request } from "./protocol.ts";
import { type Command, kill, type Session, startProbed, usageOf } from "./session.ts";

/** Opens a session over HTTP with keep-alive connections, as a gateway would. */
export async function openHttp(command: Command, era: Era): Promise<Session> {
  const child = startProbed([...command, "--http", "127.0.0.1:0"], ["ignore", "ignore", "pipe"]);
  const { stderr } = child;
  if (!stderr) throw new Error("a process without pipes");
  const url = await new Promise<string>((resolve, reject) => {
    const lines = createInterface({ input: stderr }).on("line", (line) => {
      const [, found] = /^listening on (http:\S+)$/.exec(line) ?? [];
      if (found === undefined) return;
      resolve(found);
      // From here on its log is drained without being read, as a host does.
      lines.close();
      stderr.resume();
    });
    child.once("exit", () => reject(new Error(`${command.join(" ")} ended before it listened`)));
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let last = 0;
  const ask = async (message: Request) => {
    last += 1;
    const body = await post(url, agent, headersOf(era, message), { jsonrpc: "2.0", id: last, ...message });
    // An answer comes as JSON, or as the one event of a stream.
    return parseReply(/^data: (.*)$/m.exec(body)?.[1] ?? body);
  };
  const session: Session = {
    ask,
    usage: () => usageOf(child),
    async close() {
      agent.destroy();
      await kill(child);
    },
  };
  await ask(openingOf(era));
  return session;
}

function headersOf(era: Era, { method, params }: Request): Record<string, string> {
  return {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(method !== "initialize" && { "mcp-protocol-version": era }),
    ...(era === "2026-07-28" && { "mcp-method": method }),
    ...(era === "2026-07-28" && typeof params.name === "string" && { "mcp-name": params.name }),
  };
}

function post(url: string, agent: Agent, headers: Record<string, string>, body: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      text(response).then(resolve, reject);
    });
    sent.once("error", reject).end(JSON.stringify(body));
  });
}
