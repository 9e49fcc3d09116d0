import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { quote } from "./errors.ts";
import type { Log } from "./log.ts";
import { type Settings, UsageError } from "./options.ts";
import { toProtocolError } from "./protocol.ts";
import type { Running } from "./server.ts";
import { atMost } from "./stdio.ts";
import { listenedUris } from "./subscriptions.ts";

/** Bytes of a request's body: the line limit of stdio, so that a call fits both transports or neither. */
const MAX_BODY = 10 << 20;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** The 2025 and 2026 protocols over web-standard requests; `close` ends the open subscription streams. */
export function createHandler({ factory, subscriptions }: Running, log: Log) {
  const handler = createMcpHandler(factory, {
    maxRequestBodySize: MAX_BODY,
    onerror: (error) => log.warn("protocol", { error: error.message.slice(0, 200) }),
  });
  const stop = subscriptions?.onChange((uri) => handler.notify.resourceUpdated(uri));
  return {
    async fetch(request: Request): Promise<Response> {
      if (!subscriptions || request.headers.get("mcp-method") !== "subscriptions/listen") return handler.fetch(request);
      const asked: unknown = await request
        .clone()
        .json()
        .catch(() => undefined);
      try {
        const release = subscriptions.subscribe(listenedUris(asked));
        request.signal.addEventListener("abort", release, { once: true });
        const response = await handler.fetch(request);
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

/** `8080`, `127.0.0.1:0`, `[::1]:3000`, `localhost:80`. */
function parseAddress(text: string): { host: string; port: number } {
  const [, host = "127.0.0.1", port] = /^(?:(\[[\da-f:.]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new UsageError(`--http: ${quote(text)} is not [host:]port, such as 3000 or 127.0.0.1:3000.`);
  }
  return { host: host.toLowerCase(), port: Number(port) };
}

const isLoopback = (host: string) => LOOPBACK.includes(host) || /^127(\.\d+){3}$/.test(host);

type HttpSettings = Settings & { readonly http: string };

/**
 * Serves any number of clients without state between requests. It checks, in this order: Host, Origin,
 * `/healthz`, the token, the rate, the content type, the size.
 * @param token every request's bearer token; without one, only loopback can be listened on
 */
export async function serveHttp(running: Running, settings: HttpSettings, token: string | undefined, log: Log) {
  const { host, port } = parseAddress(settings.http);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError("MCP_HTTP_TOKEN must be printable ASCII without blanks, as a header can carry it.");
  }
  if (!token && !isLoopback(host)) {
    throw new UsageError("--http beyond this machine needs a token: set MCP_HTTP_TOKEN, or use 127.0.0.1.");
  }
  const handler = createHandler(running, log);
  const onerror = (error: Error) => log.warn("http", { error: error.message.slice(0, 200) });
  const serve = toNodeHandler(handler, { onerror, maxRequestBodySize: MAX_BODY });
  const refuse = createGuard(host, settings, token);
  // What has an answer to come; a subscription's stream has none.
  const active = new Set<Promise<void>>();
  let ending = false;
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, async (req, res) => {
    const refusal = ending ? { status: 503, message: "The server is shutting down." } : refuse(req, res);
    if (refusal) {
      if (refusal.status >= 400) log.info("refused", { status: refusal.status, client: req.socket.remoteAddress });
      return answer(res, refusal);
    }
    const answered = serve(req, res).finally(() => active.delete(answered));
    if (req.headers["mcp-method"] !== "subscriptions/listen") active.add(answered);
  });
  server.on("clientError", (_error, socket) => socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new UsageError(`cannot listen on ${settings.http}: ${error.code ?? "unknown error"}.`));
    });
    server.listen(port, host.replace(/^\[|\]$/g, ""), resolve);
  });
  const end = async (code: number) => {
    if (ending) return process.exit(code);
    ending = true;
    const closed = new Promise((resolve) => server.close(resolve));
    await running.calls.idle();
    await atMost(2000, Promise.all(active));
    await handler.close();
    setInterval(() => server.closeIdleConnections(), 10);
    await atMost(2000, closed);
    await atMost(2000, running.close());
    process.exit(code);
  };
  process.on("SIGTERM", () => void end(143)).on("SIGINT", () => void end(130));
  // A server over HTTP outlives the terminal that started it.
  process.on("SIGHUP", () => undefined);
  const address = server.address();
  process.stderr.write(`listening on http://${host}:${typeof address === "object" ? address?.port : port}/mcp\n`);
}

type Answer = { readonly status: number; readonly message: string; readonly headers?: Record<string, string> };

function answer(res: ServerResponse, { status, message, headers }: Answer): void {
  const refused = status >= 400;
  const body = refused ? { jsonrpc: "2.0", id: null, error: { code: -32600, message } } : { status: message };
  // A refused request's body is not read, so the connection cannot carry another one.
  const connection = refused ? { connection: "close" } : {};
  res.writeHead(status, { "content-type": "application/json", ...connection, ...headers });
  res.end(status === 204 ? undefined : JSON.stringify(body));
}

/** Everything that is decided before a body is read. */
function createGuard(host: string, settings: Settings, token: string | undefined) {
  const hosts = new Set([host, ...settings.allowedHosts.map((name) => name.toLowerCase())]);
  if (isLoopback(host)) for (const name of LOOPBACK) hosts.add(name);
  const origins = new Set(settings.allowedOrigins);
  const expected = token ? digest(token) : undefined;
  const allow = createRate(settings.rateLimit ?? (isLoopback(host) ? 0 : 50));

  return (req: IncomingMessage, res: ServerResponse): Answer | undefined => {
    const named = (req.headers.host ?? "").toLowerCase();
    // A page of another site that points its own name at this address (DNS rebinding) sends its own Host.
    if (!hosts.has(named) && !hosts.has(named.replace(/:\d{1,5}$/, ""))) {
      return { status: 403, message: "This host name is not among --allowed-hosts." };
    }
    const { origin } = req.headers;
    // A page that this very address served, if it served any, is no other site.
    if (origin !== undefined && origin !== `http://${named}`) {
      if (!origins.has(origin)) return { status: 403, message: "This origin is not among --allowed-origins." };
      res.setHeader("access-control-allow-origin", origin).setHeader("vary", "origin");
      res.setHeader("access-control-expose-headers", "mcp-protocol-version, www-authenticate, retry-after");
      if (req.method === "OPTIONS") return { status: 204, message: "", headers: PREFLIGHT };
    }
    const path = (req.url ?? "/").replace(/\?.*$/s, "");
    if (path === "/healthz") return { status: 200, message: "ok" };
    const wait = allow(req.socket.remoteAddress ?? "");
    // Whoever guesses tokens is slowed down as well.
    if (expected && wait === 0 && !timingSafeEqual(digest(bearerOf(req)), expected)) {
      return { status: 401, message: "A bearer token is needed.", headers: { "www-authenticate": "Bearer" } };
    }
    if (wait > 0) return { status: 429, message: "Too many requests.", headers: { "retry-after": String(wait) } };
    if (!METHODS.has(req.method ?? "")) return { status: 405, message: "The method must be POST." };
    if (path !== "/mcp") return { status: 404, message: "Nothing here. The endpoint is /mcp." };
    if (req.method === "POST" && !/^application\/json *(;|$)/i.test(req.headers["content-type"] ?? "")) {
      return { status: 415, message: "The content type must be application/json." };
    }
    return undefined;
  };
}

const ASKED = "authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, last-event-id";
const PREFLIGHT = { "access-control-allow-methods": "POST", "access-control-allow-headers": ASKED };

// GET and DELETE of the 2025 revisions are refused by the SDK, in their own words.
const METHODS = new Set(["POST", "GET", "DELETE"]);

const digest = (text: string) => createHash("sha256").update(text).digest();
const bearerOf = ({ headers }: IncomingMessage) => /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";

/** Counts each client's requests in the present second; returns the seconds to wait, 0 when allowed. */
function createRate(perSecond: number): (client: string) => number {
  const counts = new Map<string, number>();
  let second = 0;
  return (client) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) counts.clear();
    second = now;
    const count = (counts.get(client) ?? 0) + 1;
    counts.set(client, count);
    return perSecond > 0 && count > perSecond ? 1 : 0;
  };
}
