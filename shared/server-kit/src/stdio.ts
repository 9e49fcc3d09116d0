import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import type { Log } from "./log.ts";
import { listenedUris, type Release } from "./resource.ts";
import type { Running } from "./server.ts";

/** Reading stops while this much waits: bytes of requests without an answer, and of answers nobody has read. */
const HELD_BYTES = 64 << 20;
const HELD_REQUESTS = 10_000;
const UNREAD_BYTES = 4 << 20;

const WRITE_MS = 2000;
const QUIET_MS = 40;
const CLOSE_MS = 50;

/**
 * Serves one host over stdin and stdout until it is gone: EOF, EPIPE, a signal, or the parent's death. The
 * process then ends within 100 ms whatever timers or pools live; a running write gets {@link WRITE_MS}.
 */
export function serveStdio(running: Running, log: Log): void {
  const { stdin, stdout } = process;
  // The transport aborts what runs as soon as its input ends, so that `printf … | server` would get no answer.
  // It reads a stream that does not end by itself.
  const input = new PassThrough();
  const wire = new StdioServerTransport(input, stdout);
  const requests = createRequests(running, stdin, stdout);

  let ending: Promise<never> | undefined;
  const end = (code: number, finish = false) => {
    ending ??= shutDown(code, finish);
  };
  // Before the transport's own listener, which closes the wire: a reader that went away is no failure.
  stdout.on("error", () => end(0));

  const handle = serve(running.factory, {
    transport: wire,
    onerror: (error) => log.warn("protocol", { error: error.message.slice(0, 200) }),
  });
  const { onmessage, onclose } = wire;
  const send = wire.send.bind(wire);
  wire.onmessage = (message) => {
    requests.received(message);
    onmessage?.(message);
  };
  wire.send = async (message) => {
    await send(message).finally(() => requests.sent(message));
  };

  const shutDown = async (code: number, finish: boolean): Promise<never> => {
    setTimeout(() => process.exit(code), WRITE_MS + 500);
    if (finish) await requests.answered();
    running.calls.stop();
    await atMost(WRITE_MS, running.calls.idle());
    await delay(0);
    await handle.close();
    await drained(stdout);
    await atMost(CLOSE_MS, running.close());
    log.flush();
    return process.exit(code);
  };

  wire.onclose = () => {
    onclose?.();
    if (ending) return;
    process.stderr.write("A message is longer than the 10 MiB that a line may have: the connection cannot go on.\n");
    end(1);
  };
  stdin.on("data", (chunk: Buffer) => {
    requests.arrived(chunk.length);
    input.write(chunk);
  });
  stdin.once("end", () => end(0, true)).once("close", () => end(0, true));
  stdin.on("error", () => end(0));
  process
    .once("SIGTERM", () => end(143))
    .once("SIGINT", () => end(130))
    .once("SIGHUP", () => end(129));
  // A killed host leaves no EOF while another process holds the pipe. Windows does not tell of it.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(0), 500).unref();
  if (stdin.isTTY) process.stderr.write("This is an MCP server: it waits for a host on stdin. See --help.\n");
}

/** Follows what was asked and not yet answered, to stop reading in time and to end when all is said. */
function createRequests({ subscriptions }: Running, stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream) {
  const pending = new Map<RequestId, number>();
  const listening = new Map<RequestId, Release>();
  let unread = 0;
  let held = 0;

  const throttle = () => {
    const full = held > HELD_BYTES || pending.size > HELD_REQUESTS || stdout.writableLength > UNREAD_BYTES;
    if (full === stdin.isPaused()) return;
    if (full) stdin.pause();
    else stdin.resume();
  };
  const settle = (id: RequestId) => {
    held -= pending.get(id) ?? 0;
    pending.delete(id);
    throttle();
  };
  stdout.on("drain", throttle);

  return {
    arrived(bytes: number) {
      unread += bytes;
    },
    received(message: JSONRPCMessage) {
      if (!("method" in message)) return;
      if ("id" in message) {
        // A subscription stays open by design: nobody waits for its answer.
        if (message.method === "subscriptions/listen") {
          if (subscriptions) listening.set(message.id, subscriptions.subscribe(listenedUris(message)));
          return;
        }
        // What came since the last message is this one's size, give or take what follows it in the chunk.
        held += unread;
        pending.set(message.id, unread);
        unread = 0;
        throttle();
      } else if (message.method === "notifications/cancelled") {
        const id = message.params?.requestId;
        if (typeof id !== "string" && typeof id !== "number") return;
        listening.get(id)?.();
        listening.delete(id);
        // A cancelled request gets no answer.
        settle(id);
      }
    },
    sent(message: JSONRPCMessage) {
      if (!("method" in message) && message.id !== undefined) settle(message.id);
    },
    /** Until all is answered, or what is left only waits: for a timer, a network, another process. */
    async answered() {
      await delay(0);
      let cpu = process.cpuUsage();
      for (let quiet = 0; pending.size > 0 && quiet < QUIET_MS; quiet += 10) {
        await delay(10);
        const { user, system } = process.cpuUsage(cpu);
        cpu = process.cpuUsage();
        if (user + system > 4000) quiet = 0;
      }
    },
  };
}

/** Until a reader has taken what was written, as long as it takes anything. */
async function drained(stdout: NodeJS.WriteStream, before = Number.POSITIVE_INFINITY): Promise<void> {
  const left = stdout.writableLength;
  if (left === 0 || left >= before) return;
  await delay(30);
  await drained(stdout, left);
}

/** Resolves when the work is done, failed, or out of time. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const tooLong = delay(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([work.catch(() => undefined), tooLong]);
  timer.abort();
}
