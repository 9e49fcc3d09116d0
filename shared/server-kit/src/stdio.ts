import { setTimeout as delay, setImmediate as immediate } from "node:timers/promises";
import type { JSONRPCMessage, RequestId, Transport } from "@modelcontextprotocol/server";
import { serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import { atMost, settled } from "./calls.ts";
import { ToolError, toProtocolError } from "./errors.ts";
import type { Log } from "./log.ts";
import { createLines, readMessage } from "./messages.ts";
import type { Running } from "./server.ts";
import { listenedUris, type Release } from "./subscriptions.ts";

/** Bytes of a line; of calls without an answer beyond which further ones are refused; of answers that nobody reads
 * beyond which nothing more is read. */
const MAX_LINE = 10 << 20;
const HELD_BYTES = 64 << 20;
const UNREAD_BYTES = 4 << 20;

/** Milliseconds at the end: for a running write, a script's calls and a slow reader; for a read; for the server's state. */
const FINISH_MS = 2000;
const READ_MS = 50;
const CLOSE_MS = 50;

const SIGNALS = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 };
const FULL = new ToolError("rate_limited", "64 MiB of calls are already waiting; repeat it later.");

/**
 * Serves one host over stdin and stdout until it is gone: EOF, EPIPE, a signal, or the parent's death.
 *
 * What happens after EOF: a sender that spoke again after an answer is a host, which is now gone, so its reads get
 * {@link READ_MS} after the last answer. Input that came all at once is a script's (`printf … | server`), whose calls
 * get {@link FINISH_MS}. So do a running write and `open`. A slow reader gets as long as it keeps reading.
 * @param fail ends the process with an error, by calling `end`
 */
export function serveStdio(running: Running, log: Log, fail: (error: unknown, end: () => void) => void): void {
  const { stdin, stdout } = process;
  let isEnding = false;
  const end = (code: number, finish = false) => {
    if (isEnding) return;
    isEnding = true;
    void shutDown(code, finish);
  };
  const requests = createRequests(running);
  const output = createOutput(running);
  const wire = createWire();
  const handle = serve(running.factory, {
    transport: wire,
    onerror: (error) => log.warn("protocol", { error: error.message.slice(0, 200) }),
  });

  /** The SDK's transport: reads lines from stdin, and writes lines to stdout. */
  function createWire(): Transport {
    const send = (message: object) => output.write(`${JSON.stringify(message)}\n`);
    const onLine = (line: string, bytes: number) => {
      const message = readMessage(line);
      if ("refusal" in message) return send(message.refusal);
      try {
        requests.received(message, bytes);
        transport.onmessage?.(message);
      } catch (failure) {
        const { code, message: words, data } = toProtocolError(failure, log);
        if ("id" in message) send({ jsonrpc: "2.0", id: message.id, error: { code, message: words, data } });
      }
    };
    const lines = createLines(MAX_LINE, onLine, () => {
      process.stderr.write("A message is longer than the 10 MiB that a line may have: the connection cannot go on.\n");
      end(1);
    });
    const atEof = async () => {
      // Nobody has asked anything, so the process was started for what `open` does, such as a check.
      if (requests.isUnused()) await running.opened.catch(() => undefined);
      // In this order: a last line without a line end comes from a script, not from a host that spoke again.
      end(0, true);
      lines.end();
    };
    const transport: Transport = {
      async start() {
        stdin.on("data", lines.feed).once("end", atEof).once("close", atEof);
      },
      async send(message) {
        requests.sent(message);
        send(message);
      },
      async close() {
        stdin.off("data", lines.feed);
        transport.onclose?.();
      },
    };
    return transport;
  }

  async function shutDown(code: number, finish: boolean): Promise<never> {
    // `open` may be halfway through creating a folder.
    const opened = atMost(FINISH_MS, running.opened);
    if (finish) await requests.answered();
    running.calls.stop();
    await opened;
    await atMost(FINISH_MS, running.calls.idle());
    await delay(0);
    await atMost(FINISH_MS, handle.close());
    await delay(0);
    await output.drained(finish ? FINISH_MS : READ_MS);
    await atMost(CLOSE_MS, running.close());
    return process.exit(code);
  }

  stdin.on("error", () => end(0));
  stdout.on("error", () => end(0));
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => end(code));
  // When a host is killed while another process holds the pipe, there is no EOF. Windows does not report this.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(0), 500).unref();
  const greet = () =>
    stdin.isTTY && process.stderr.write("This is an MCP server: it waits for a host on stdin. See --help.\n");
  running.opened.then(greet, (error: unknown) => fail(error, () => end(2, true)));
}

/**
 * Lines to stdout. A write is the dearest part of a small call, so the lines of one turn of the event loop are one
 * write; the next waits for its end, since Node gives up a stream in which some 700 million characters wait.
 */
function createOutput({ calls }: Running) {
  const { stdin, stdout } = process;
  const lines: string[] = [];
  let isWriting = false;
  let unread = 0;
  const isDrained = () => unread === 0;
  const count = (size: number) => {
    unread += size;
    calls.unwritten(size);
    const isFull = unread > UNREAD_BYTES;
    if (isFull !== stdin.isPaused()) stdin[isFull ? "pause" : "resume"]();
  };
  const flush = () => {
    if (isWriting || lines.length === 0) return;
    let [taken, size] = [0, 0];
    for (; taken < lines.length && size < UNREAD_BYTES; taken += 1) size += lines[taken]?.length ?? 0;
    isWriting = true;
    stdout.write(lines.splice(0, taken).join(""), () => {
      isWriting = false;
      count(-size);
      flush();
    });
  };
  return {
    write(line: string) {
      if (lines.length === 0) setImmediate(flush);
      lines.push(line);
      count(line.length);
    },
    /** Resolves when the reader has taken everything, or has taken nothing for `patience` milliseconds. */
    drained: (patience: number) => settled(patience, () => unread, isDrained),
  };
}

/** Tracks unanswered requests, to refuse too many of them and to end once all are answered. */
function createRequests({ calls, subscriptions }: Running) {
  const pending = new Map<RequestId, number>();
  const listening = new Map<RequestId, Release>();
  let held = 0;
  let isAnswered = false;
  let isHost = false;
  const isEmpty = () => pending.size === 0;

  const settle = (id: RequestId) => {
    held -= pending.get(id) ?? 0;
    pending.delete(id);
    listening.get(id)?.();
    listening.delete(id);
  };
  return {
    /** @throws the error to refuse the request with */
    received(message: JSONRPCMessage, bytes: number) {
      isHost = isAnswered;
      if (!("method" in message)) return;
      if (!("id" in message)) {
        // A cancelled request gets no answer.
        const id = message.method === "notifications/cancelled" ? message.params?.requestId : undefined;
        if (typeof id === "string" || typeof id === "number") settle(id);
        return;
      }
      settle(message.id);
      if (message.method !== "subscriptions/listen") {
        if (held + bytes > HELD_BYTES && pending.size > 0) throw FULL;
        held += bytes;
        pending.set(message.id, bytes);
      } else if (subscriptions) {
        // It stays open by design, so nobody waits for its answer; an answer means that it has ended.
        listening.set(message.id, subscriptions.subscribe(listenedUris(message)));
      }
    },
    sent(message: JSONRPCMessage) {
      if ("method" in message || message.id === undefined) return;
      // Deferred: anything else that arrives in this turn was sent before anybody could read the answer.
      if (!isAnswered) void immediate().then(() => (isAnswered = true));
      settle(message.id);
    },
    /** Whether no request has arrived yet. */
    isUnused: () => isEmpty() && !isAnswered,
    /** Resolves when all is answered, or none was for as long as {@link serveStdio} says. */
    async answered() {
      const patience = isHost && calls.isOpen() ? READ_MS : FINISH_MS;
      await immediate();
      await settled(patience, () => pending.size, isEmpty);
    },
  };
}
