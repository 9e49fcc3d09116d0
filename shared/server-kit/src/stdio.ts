import { PassThrough, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import { ToolError } from "./errors.ts";
import type { Log } from "./log.ts";
import { toProtocolError } from "./protocol.ts";
import { listenedUris, type Release } from "./resource.ts";
import type { Running } from "./server.ts";

/** Bytes of calls without an answer beyond which further ones are refused, and of unread answers beyond which
 * nothing more is read. */
const HELD_BYTES = 64 << 20;
const UNREAD_BYTES = 4 << 20;

/** Milliseconds at the end: for a running write, for answers that only wait, for a reader, for the server's state. */
const WRITE_MS = 2000;
const QUIET_MS = 40;
const READER_MS = 2000;
const CLOSE_MS = 50;

const FULL = new ToolError("rate_limited", "calls of 64 MiB wait already; repeat it when some are answered.");

/**
 * Serves one host over stdin and stdout until it is gone: EOF, EPIPE, a signal, or the parent's death. The
 * process then ends within 100 ms whatever timers or pools live; a running write gets {@link WRITE_MS}, and
 * a reader that is slow to take the answers to what came before EOF as long as it takes anything.
 */
export function serveStdio(running: Running, log: Log): void {
  const { stdin, stdout } = process;
  // The transport aborts what runs as soon as its input ends, so that `printf … | server` would get no answer.
  // It reads a stream that does not end by itself.
  const input = new PassThrough();
  // A write is the dearest part of a small call: the answers of one turn of the event loop are one write. The next
  // waits for its end: Node gives up the connection when some 700 million characters wait inside of it.
  const lines: string[] = [];
  let isWriting = false;
  let waiting = 0;
  const flush = () => {
    throttle();
    if (isWriting || lines.length === 0) return;
    let [count, size] = [0, 0];
    for (; count < lines.length && size < UNREAD_BYTES; count += 1) size += lines[count]?.length ?? 0;
    waiting -= size;
    isWriting = true;
    stdout.write(lines.splice(0, count).join(""), () => {
      isWriting = false;
      flush();
    });
  };
  const unread = () => waiting + stdout.writableLength;
  const output = new Writable({
    decodeStrings: false,
    write(line, _encoding, written) {
      if (lines.length === 0) setImmediate(flush);
      lines.push(line);
      waiting += line.length;
      written();
    },
  });
  const wire = new StdioServerTransport(input, output);
  const requests = createRequests(running);

  let ending: Promise<never> | undefined;
  const end = (code: number, finish = false) => {
    ending ??= shutDown(code, finish);
  };
  stdout.on("error", () => end(0));

  const handle = serve(running.factory, {
    transport: wire,
    onerror: (error) => log.warn("protocol", { error: error.message.slice(0, 200) }),
  });
  const throttle = () => {
    const full = unread() > UNREAD_BYTES;
    if (full === stdin.isPaused()) return;
    if (full) stdin.pause();
    else stdin.resume();
  };
  const { onmessage, onclose } = wire;
  const send = wire.send.bind(wire);
  wire.onmessage = (message) => {
    try {
      requests.received(message);
      onmessage?.(message);
    } catch (failure) {
      const { code, message: words, data } = toProtocolError(failure, log);
      if ("id" in message) void send({ jsonrpc: "2.0", id: message.id, error: { code, message: words, data } });
    }
  };
  wire.send = (message) => {
    requests.sent(message);
    return send(message);
  };

  const shutDown = async (code: number, finish: boolean): Promise<never> => {
    if (finish) await requests.answered();
    running.calls.stop();
    await atMost(WRITE_MS, running.calls.idle());
    await delay(0);
    await atMost(WRITE_MS, handle.close());
    await delay(0);
    await drained(unread, finish ? READER_MS : QUIET_MS);
    await atMost(CLOSE_MS, running.close());
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
  stdout.on("drain", throttle);
  process
    .once("SIGTERM", () => end(143))
    .once("SIGINT", () => end(130))
    .once("SIGHUP", () => end(129));
  // A killed host leaves no EOF while another process holds the pipe. Windows does not tell of it.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(0), 500).unref();
  if (stdin.isTTY) process.stderr.write("This is an MCP server: it waits for a host on stdin. See --help.\n");
}

/** Follows what was asked and not yet answered, to refuse what is too much and to end when all is said. */
function createRequests({ subscriptions }: Running) {
  const pending = new Map<RequestId, number>();
  const listening = new Map<RequestId, Release>();
  let unread = 0;
  let held = 0;

  const settle = (id: RequestId) => {
    held -= pending.get(id) ?? 0;
    pending.delete(id);
    listening.get(id)?.();
    listening.delete(id);
  };
  return {
    arrived(bytes: number) {
      unread += bytes;
    },
    /** @throws what the request is refused with */
    received(message: JSONRPCMessage) {
      // What came since the last message is this one's size, give or take what follows it in the chunk.
      const size = unread;
      unread = 0;
      if (!("method" in message)) return;
      if (!("id" in message)) {
        // A cancelled request gets no answer.
        const id = message.method === "notifications/cancelled" ? message.params?.requestId : undefined;
        if (typeof id === "string" || typeof id === "number") settle(id);
        return;
      }
      settle(message.id);
      if (message.method !== "subscriptions/listen") {
        if (held + size > HELD_BYTES && pending.size > 0) throw FULL;
        held += size;
        pending.set(message.id, size);
      } else if (subscriptions) {
        // It stays open by design, so nobody waits for its answer; one that comes says that it is over.
        listening.set(message.id, subscriptions.subscribe(listenedUris(message)));
      }
    },
    sent(message: JSONRPCMessage) {
      if (!("method" in message) && message.id !== undefined) settle(message.id);
    },
    /** Until all is answered, or what is left only waits: for a timer, a network, another process. */
    async answered() {
      await delay(0);
      let cpu = process.cpuUsage();
      for (let [quiet, idle, left] = [0, 0, 0]; pending.size > 0 && quiet < QUIET_MS && idle < WRITE_MS; ) {
        left = pending.size;
        await delay(10);
        const { user, system } = process.cpuUsage(cpu);
        cpu = process.cpuUsage();
        quiet = user + system > 4000 || pending.size < left ? 0 : quiet + 10;
        idle = pending.size < left ? 0 : idle + 10;
      }
    },
  };
}

/** Until a reader has taken what was written, or takes nothing for so many milliseconds. */
async function drained(unread: () => number, patience: number): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let still = 0; unread() > 0 && still < patience; ) {
    still = unread() < before ? 0 : still + 10;
    before = unread();
    await delay(10);
  }
}

/** Resolves when the work is done, failed, or out of time. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const tooLong = delay(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([work.catch(() => undefined), tooLong]);
  timer.abort();
}
