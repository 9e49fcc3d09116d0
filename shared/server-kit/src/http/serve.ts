import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { atMost, settled } from "../calls.ts";
import { usageError } from "../command-line.ts";
import type { Log } from "../log.ts";
import { readMessage } from "../messages.ts";
import type { Settings } from "../options.ts";
import type { Running } from "../server.ts";
import { type Answer, createGuard, createRefusals, MAX_BODY, parseAddress, REFUSED, send } from "./guard.ts";
import { createHandler, isListen } from "./handler.ts";

const KNOWN = existsSync("/proc/self/limits") ? readFileSync("/proc/self/limits", "utf8") : "";
const [, descriptors = "1024"] = /^Max open files +(\d+)/m.exec(KNOWN) ?? [];

/** Milliseconds, bytes and sockets; tests shorten them. */
export const LIMITS = {
  headers: 10_000, // until a request's headers are there; three times as long until all of it is
  linger: 500, // from a refusal until the socket of a client that goes on sending is destroyed
  stalled: 20_000, // how long a client may take nothing of its answer: other calls wait for that room until a deadline
  end: 2000, // the same at the end of the process
  bodies: 64 << 20, // of all requests without an answer
  small: 16 << 10, // of one that is never refused on account of the others
  sockets: Math.min(4096, Number(descriptors) >> 1), // the other half is for files, children and upstreams
};

type HttpSettings = Settings & { readonly http: string };

/**
 * Serves any number of clients without state between requests, until SIGTERM or SIGINT.
 * @param token the bearer token that every request needs; without it, the server can listen on loopback only
 */
export async function serveHttp(running: Running, settings: HttpSettings, token: string | undefined, log: Log) {
  const { host, port } = parseAddress(settings.http);
  const { server, end } = createHttpServer(running, createGuard(host, settings, token, running.identity), log);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const inUse = "the port is in use. Choose another, or 0 for a free one";
      const reason = error.code === "EADDRINUSE" ? inUse : (error.code ?? "unknown error");
      reject(usageError(`cannot listen on ${settings.http}: ${reason}.`));
    });
    server.listen(port, host.replace(/^\[|\]$/g, ""), resolve);
  });
  const exit = (code: number) => void end().then(() => process.exit(code));
  process.on("SIGTERM", () => exit(143)).on("SIGINT", () => exit(130));
  // A server over HTTP outlives the terminal that started it.
  process.on("SIGHUP", () => undefined);
  const address = server.address();
  process.stderr.write(`listening on http://${host}:${typeof address === "object" ? address?.port : port}/mcp\n`);
}

/** The server by itself. `end` finishes the calls in flight; a second call cuts them short. */
export function createHttpServer(running: Running, guard: ReturnType<typeof createGuard>, log: Log, limits = LIMITS) {
  const handler = createHandler(running, log);
  const refusals = createRefusals(log);
  // Answers that are not yet written, and whether each belongs to a subscription, which never ends by itself.
  const open = new Map<ServerResponse, boolean>();
  const sockets = new Map<Socket, { busy: number }>(); // `busy`: requests that are read and not answered
  let [asked, moved] = [0, 0];
  let ending: Promise<void> | undefined;

  const serve = async (req: IncomingMessage, res: ServerResponse, awaitsContinue: boolean) => {
    const { method, headers, socket } = req;
    const connection = sockets.get(socket) ?? { busy: 0 };
    const over = new AbortController();
    let [size, unread, busy] = [0, 0, 0];
    const count = (bytes: number): Answer | undefined => {
      size += bytes;
      asked += bytes;
      moved += 1;
      if (size > MAX_BODY) return REFUSED.large;
      return asked > limits.bodies && size > limits.small ? REFUSED.memory : undefined;
    };
    const countUnread = (bytes: number) => {
      if (over.signal.aborted) return;
      unread += bytes;
      moved += 1;
      running.calls.unwritten(bytes);
    };
    const reply = (answer: Answer) => {
      count(-size);
      refusals.add(answer, req);
      // Closing at once would reset the connection of a client that is still sending and has not read the answer.
      if (send(res, answer).req.closed) return void res.end();
      req.once("close", () => res.end()).resume();
      const isStuck = () => !res.writableFinished && connection.busy === 0;
      setTimeout(() => isStuck() && socket.destroy(), limits.linger).unref();
    };
    // An answer that is queued behind another on its socket never emits `close`; the socket does.
    const finish = () => {
      if (!open.delete(res)) return;
      socket.off("close", finish);
      connection.busy -= busy;
      count(-size);
      countUnread(-unread);
      over.abort();
    };
    open.set(res, isListen(headers["mcp-method"]));
    res.once("finish", finish).once("close", finish);
    socket.once("close", finish);

    const early = ending ? REFUSED.ending : guard(req, res);
    if (early) return reply(early);
    if (awaitsContinue) res.writeContinue();
    const body = method === "POST" ? await readBody(req, count) : undefined;
    if (typeof body === "object") return reply(body);
    if (over.signal.aborted) return;
    const message = body === undefined ? undefined : readMessage(body);
    if (message && "refusal" in message) return reply({ ...REFUSED.message, body: message.refusal });
    busy = 1;
    connection.busy += busy;
    const fields = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const request = new Request(`http://${headers.host}/mcp`, { method, headers: fields, signal: over.signal });
    await deliver(res, request, await handler.fetch(request, message), countUnread);
  };
  const onRequest = (awaitsContinue: boolean) => (req: IncomingMessage, res: ServerResponse) => {
    serve(req, res, awaitsContinue).catch((error: unknown) => {
      log.error("http", { stack: error instanceof Error ? error.stack : String(error) });
      res.destroy();
    });
  };

  // Without a listener for `clientError`, Node answers 400, 408 or 431 and destroys the socket.
  const times = { headersTimeout: limits.headers, requestTimeout: 3 * limits.headers };
  const server = createServer({ ...times, connectionsCheckingInterval: limits.headers / 40 }, onRequest(false));
  server.on("checkContinue", onRequest(true)).on("connection", (socket: Socket) => {
    sockets.set(socket, { busy: 0 });
    socket.setMaxListeners(0).once("close", () => sockets.delete(socket));
    if (sockets.size <= limits.sockets) return;
    // The oldest socket that waits for no answer makes room; it may be this one.
    const [oldest] = [...sockets].find(([, { busy }]) => busy === 0) ?? [socket];
    sockets.delete(oldest);
    oldest.destroy();
  });
  // Node leaves sockets that time out to this listener, including idle keep-alive ones.
  server.setTimeout(limits.stalled, (socket) => {
    if (!sockets.get(socket)?.busy || socket.writableLength > 0) socket.destroy();
  });

  const settle = (isDone: () => boolean) => settled(limits.end, () => moved, isDone);
  const shutDown = async () => {
    server.close();
    await running.calls.idle();
    await settle(() => [...open.values()].every((isSubscription) => isSubscription));
    await handler.close();
    await settle(() => open.size === 0);
    server.closeAllConnections();
    refusals.flush();
    await atMost(limits.end, running.close());
  };
  const end = () => {
    if (ending) running.calls.stop();
    const hurried = ending && atMost(limits.end, ending);
    ending ??= shutDown();
    return hurried ?? ending;
  };
  return { server, end };
}

/** A body as text, or the answer that refuses it; empty when its sender is gone. */
function readBody(req: IncomingMessage, count: (bytes: number) => Answer | undefined): Promise<string | Answer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    req.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      const refusal = count(chunk.length);
      if (!refusal) return;
      chunks.length = 0;
      req.removeAllListeners("data");
      resolve(refusal);
    });
    req.once("end", () => resolve(Buffer.concat(chunks).toString())).once("close", () => resolve(""));
  });
}

/** Writes the SDK's answer as soon as it is available, however slow the client, and counts what is unread. */
async function deliver(res: ServerResponse, { signal }: Request, answer: Response, count: (bytes: number) => void) {
  // The SDK must not decide whether the connection stays open; its streams always claim that it does.
  const headers = [...answer.headers].filter(([name]) => name !== "connection");
  res.writeHead(answer.status, Object.fromEntries(headers));
  const reader = answer.body?.getReader();
  signal.addEventListener("abort", () => void reader?.cancel().catch(() => undefined), { once: true });
  for (let part = await reader?.read(); part?.value && !signal.aborted; part = await reader?.read()) {
    const { byteLength } = part.value;
    count(byteLength);
    res.write(part.value, () => count(-byteLength));
  }
  if (!signal.aborted) res.end();
}
