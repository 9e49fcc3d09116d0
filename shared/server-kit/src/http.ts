import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createMcpHandler } from "@modelcontextprotocol/server";
import {
  type Answer,
  BUSY,
  createGuard,
  createRefusals,
  ENDING,
  MAX_BODY,
  parseAddress,
  TOO_LARGE,
} from "./http-guard.ts";
import { deliver, onFinished, readBody, refuse, sendJson } from "./http-io.ts";
import type { Log } from "./log.ts";
import { readMessage } from "./messages.ts";
import { type Settings, UsageError } from "./options.ts";
import { toProtocolError } from "./protocol.ts";
import type { Running } from "./server.ts";
import { atMost } from "./stdio.ts";
import { listenedUris } from "./subscriptions.ts";

const PROC = "/proc/self/limits";
const [, descriptors = "1024"] =
  /^Max open files +(\d+)/m.exec(existsSync(PROC) ? readFileSync(PROC, "utf8") : "") ?? [];

/** Milliseconds and bytes; tests shorten them. */
export const LIMITS = {
  /** Until a request's headers, and until all of it, have to be there; how often that is looked at. */
  headers: 10_000,
  request: 30_000,
  sweep: 250,
  /** From a refusal until the socket of a client that goes on sending is destroyed. */
  linger: 500,
  /** How long a client may take nothing of what is written to it; at the end of the process, less. */
  stalled: 60_000,
  end: 2000,
  /** Bodies of all requests without an answer; a small body is never refused on account of the others. */
  bodies: 64 << 20,
  small: 16 << 10,
  /** Half of the descriptors: the other half is for files, children and upstreams. */
  sockets: Math.min(4096, Number(descriptors) >> 1),
};

/** The 2025 and 2026 protocols over web-standard requests; `close` ends the open subscription streams. */
export function createHandler({ factory, subscriptions }: Running, log: Log) {
  const handler = createMcpHandler(factory, {
    maxRequestBodySize: MAX_BODY,
    onerror: (error) => log.warn("protocol", { error: error.message.slice(0, 200) }),
  });
  const stop = subscriptions?.onChange((uri) => handler.notify.resourceUpdated(uri));
  return {
    /** @param message the request's body, if it has been read already */
    async fetch(request: Request, message?: unknown): Promise<Response> {
      const parsedBody = message ?? (await request.json().catch(() => undefined));
      const options = parsedBody === undefined ? {} : { parsedBody };
      if (!subscriptions || !isListen(request.headers.get("mcp-method"))) return handler.fetch(request, options);
      try {
        const release = subscriptions.subscribe(listenedUris(parsedBody));
        request.signal.addEventListener("abort", release, { once: true });
        const response = await handler.fetch(request, options);
        if (response.headers.get("content-type") !== "text/event-stream" || request.signal.aborted) release();
        return response;
      } catch (failure) {
        const { code, message, data } = toProtocolError(failure, log);
        return Response.json({ jsonrpc: "2.0", id: null, error: { code, message, data } }, { status: 400 });
      }
    },
    async close() {
      stop?.();
      await handler.close();
    },
  };
}

const isListen = (method: unknown) => method === "subscriptions/listen";

type HttpSettings = Settings & { readonly http: string };

/**
 * Serves any number of clients without state between requests, until SIGTERM or SIGINT.
 * @param token every request's bearer token; without one, only loopback can be listened on
 */
export async function serveHttp(running: Running, settings: HttpSettings, token: string | undefined, log: Log) {
  const { host, port } = parseAddress(settings.http);
  const { server, end } = createHttpServer(running, createGuard(host, settings, token), log);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new UsageError(`cannot listen on ${settings.http}: ${error.code ?? "unknown error"}.`));
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

/** The server by itself. `end` finishes what is in flight; called again, it cuts that short. */
export function createHttpServer(running: Running, guard: ReturnType<typeof createGuard>, log: Log, limits = LIMITS) {
  const handler = createHandler(running, log);
  const refusals = createRefusals(log);
  // Answers that are not written yet, and whether each is a subscription's, which has no end of its own.
  const open = new Map<ServerResponse, boolean>();
  const sockets = new Map<Socket, { unanswered: number }>();
  let [asked, moved] = [0, 0];
  let ending: Promise<void> | undefined;

  const serve = async (req: IncomingMessage, res: ServerResponse, awaitsContinue: boolean) => {
    const { method, headers, socket } = req;
    const connection = sockets.get(socket) ?? { unanswered: 0 };
    const over = new AbortController();
    let size = 0;
    const count = (bytes: number): Answer | undefined => {
      size += bytes;
      asked += bytes;
      moved += 1;
      if (size > MAX_BODY) return TOO_LARGE;
      return asked > limits.bodies && size > limits.small ? BUSY : undefined;
    };
    const reply = (answer: Answer) => {
      count(-size);
      refusals.add(answer, req);
      // To close at once would reset the connection under a client that still sends and has not read the answer.
      refuse(res, answer)
        .req.once("close", () => res.end())
        .resume();
      const isStuck = () => !res.writableFinished && connection.unanswered === 0;
      setTimeout(() => isStuck() && socket.destroy(), limits.linger).unref();
    };
    let unwritten = 0;
    const deliverable = (bytes: number) => {
      if (over.signal.aborted) return;
      moved += 1;
      unwritten += bytes;
      running.calls.unwritten(bytes);
    };
    open.set(res, isListen(headers["mcp-method"]));
    onFinished(res, () => {
      open.delete(res);
      count(-size);
      // What a lost connection leaves unwritten is never reported written.
      deliverable(-unwritten);
      over.abort();
    });

    const early = ending ? ENDING : guard(req, res);
    if (early) return reply(early);
    if (awaitsContinue) res.writeContinue();
    const body = method === "POST" ? await readBody(req, count) : "";
    if (typeof body !== "string") return reply(body);
    if (over.signal.aborted) return;
    connection.unanswered += 1;
    onFinished(res, () => {
      connection.unanswered -= 1;
    });
    const fields = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const request = new Request(`http://${headers.host}/mcp`, { method, headers: fields, signal: over.signal });
    const message = method === "POST" ? readMessage(body) : undefined;
    if (message && "refusal" in message) return void sendJson(res, 400, JSON.stringify(message.refusal)).end();
    await deliver(res, request, await handler.fetch(request, message), deliverable);
  };
  const onRequest = (awaitsContinue: boolean) => (req: IncomingMessage, res: ServerResponse) => {
    serve(req, res, awaitsContinue).catch((error: unknown) => {
      log.error("http", { stack: error instanceof Error ? error.stack : String(error) });
      res.destroy();
    });
  };

  // Nobody listens to `clientError`: Node then answers 400, 408 or 431, and destroys the socket.
  const times = { headersTimeout: limits.headers, requestTimeout: limits.request };
  const server = createServer({ ...times, connectionsCheckingInterval: limits.sweep }, onRequest(false));
  server.on("checkContinue", onRequest(true)).on("connection", (socket: Socket) => {
    sockets.set(socket, { unanswered: 0 });
    socket.setMaxListeners(0).once("close", () => sockets.delete(socket));
    if (sockets.size <= limits.sockets) return;
    // Room is made by the oldest one that has not asked for anything, which may be this one.
    const [oldest] = [...sockets].find(([, { unanswered }]) => unanswered === 0) ?? [socket];
    sockets.delete(oldest);
    oldest.destroy();
  });
  // Node leaves sockets that time out to this listener: those that are kept alive and idle, too.
  server.setTimeout(limits.stalled, (socket) => {
    if (!sockets.get(socket)?.unanswered || socket.writableLength > 0) socket.destroy();
  });

  /** Until answers are written, those of subscriptions included or not, or until nothing moves any more. */
  const settled = async (withSubscriptions: boolean) => {
    const isDone = () => [...open.values()].every((isSubscription) => isSubscription && !withSubscriptions);
    for (let [still, before] = [0, moved]; !isDone() && still < limits.end; before = moved) {
      await delay(10);
      still = moved === before ? still + 10 : 0;
    }
  };
  const shutDown = async () => {
    server.close();
    await running.calls.idle();
    await settled(false);
    await handler.close();
    await settled(true);
    server.closeAllConnections();
    refusals.flush();
    await atMost(limits.end, running.close());
  };
  const end = () => {
    if (ending) running.calls.stop();
    if (ending) return atMost(limits.end, ending);
    ending = shutDown();
    return ending;
  };
  return { server, end };
}
