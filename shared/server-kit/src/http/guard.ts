import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { usageError } from "../command-line.ts";
import { quote } from "../errors.ts";
import type { Identity } from "../identity.ts";
import type { Log } from "../log.ts";
import type { Settings } from "../options.ts";
import { createCard, isCardPath } from "./card.ts";

/** Bytes of a request's body: the line limit of stdio, so that a call fits both transports or neither. */
export const MAX_BODY = 10 << 20;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** `8080`, `127.0.0.1:0`, `[::1]:3000`, `localhost:80`. */
export function parseAddress(text: string): { host: string; port: number } {
  const [, host = "127.0.0.1", port] = /^(?:(\[[\da-f:.]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw usageError(`--http: ${quote(text)} is not [host:]port, such as 3000 or 127.0.0.1:3000.`);
  }
  return { host: host.toLowerCase(), port: Number(port) };
}

const isLoopback = (host: string) => LOOPBACK.includes(host) || /^127(\.\d+){3}$/.test(host);

/** An answer from the kit itself. A status of 400 or more is a refusal, and `reason` names it in the log. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

const answer = (status: number, reason: string, message: string, headers: Answer["headers"] = {}): Answer => {
  const body: object = { jsonrpc: "2.0", id: null, error: { code: -32600, message } };
  return { status, reason, body: status < 400 ? { status: message } : body, headers };
};
const SOON = { "retry-after": "1" };
// After a 401, hosts try OAuth, then show this text to the user.
const NEEDS_TOKEN =
  "This server needs the bearer token that it was started with in MCP_HTTP_TOKEN, sent as the header " +
  "`Authorization: Bearer <token>`; there is no sign-in.";
export const REFUSED = {
  ending: answer(503, "ending", "The server is shutting down.", SOON),
  memory: answer(503, "memory", "64 MiB of requests are unanswered; repeat this one in a second.", SOON),
  large: answer(413, "size", "The body is larger than 10 MiB."),
  message: answer(400, "message", "The body is not a message."),
};

/**
 * Makes the checks that run before a body is read.
 * @param host the address that the server listens on
 * @throws ToolError for a token, host, origin or public URL that no request could match
 */
export function createGuard(host: string, settings: Settings, token: string | undefined, identity: Identity) {
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw usageError("MCP_HTTP_TOKEN must be printable ASCII without spaces, so that a header can carry it.");
  }
  if (!token && !isLoopback(host)) {
    throw usageError("--http beyond this machine needs a token: set MCP_HTTP_TOKEN, or use 127.0.0.1.");
  }
  const card = createCard(settings.publicUrl, token !== undefined, identity);
  const hosts = new Set([host, ...settings.allowedHosts.map(toHost), ...(card ? [card.host] : [])]);
  if (isLoopback(host)) for (const name of LOOPBACK) hosts.add(name);
  const origins = new Set(settings.allowedOrigins.map(toOrigin));
  const expected = token ? digest(token) : undefined;
  const allow = createRate(settings.rateLimit ?? (isLoopback(host) ? 0 : 50));

  return (req: IncomingMessage, res: ServerResponse): Answer | undefined => {
    const named = (req.headers.host ?? "").toLowerCase();
    // A page of another site that points its own name at this address (DNS rebinding) sends its own Host.
    if (!hosts.has(named) && !hosts.has(named.replace(/:\d{1,5}$/, ""))) {
      return answer(403, "host", "This host name is not among --allowed-hosts.");
    }
    const path = pathOf(req);
    // Open to everyone, including pages of other sites: it says nothing that registries do not.
    if (card && isCardPath(path)) return card.answer(req);
    const { origin } = req.headers;
    // A page served from this address itself is not another site.
    if (origin !== undefined && origin !== `http://${named}`) {
      if (!origins.has(origin)) return answer(403, "origin", "This origin is not among --allowed-origins.");
      res.setHeader("access-control-allow-origin", origin).setHeader("vary", "origin");
      res.setHeader("access-control-expose-headers", "mcp-protocol-version, www-authenticate, retry-after");
      if (req.method === "OPTIONS") return answer(204, "preflight", "", PREFLIGHT);
    }
    if (path === "/healthz") return answer(200, "health", "ok");
    const isAllowed = allow(req.socket.remoteAddress ?? "");
    // Whoever guesses tokens is slowed down as well.
    if (expected && isAllowed && !timingSafeEqual(digest(bearerOf(req)), expected)) {
      return answer(401, "token", NEEDS_TOKEN, { "www-authenticate": "Bearer" });
    }
    if (!isAllowed) return answer(429, "rate", "Too many calls in one second.", SOON);
    // The SDK refuses GET and DELETE as the 2025 revisions say.
    if (!/^(POST|GET|DELETE)$/.test(req.method ?? "")) return answer(405, "method", "The method must be POST.");
    if (path !== "/mcp") return answer(404, "path", "Nothing here. The endpoint is /mcp.");
    if (req.method === "POST" && !/^application\/json *(;|$)/i.test(req.headers["content-type"] ?? "")) {
      return answer(415, "type", "The content type must be application/json.");
    }
    return Number(req.headers["content-length"]) > MAX_BODY ? REFUSED.large : undefined;
  };
}

/** A host name or address in the form of a `Host` header: lower case, ASCII, without the default port. */
function toHost(text: string): string {
  const url = `http://${text}`;
  if (/^[\p{L}\p{N}.:_[\]-]+$/u.test(text) && URL.canParse(url)) return new URL(url).host;
  throw usageError(`--allowed-hosts: ${quote(text)} is not a host name or address, such as mcp.example.com or [::1].`);
}

/** An origin in the form that browsers send. Not `null`, which a sandboxed frame of any page sends. */
function toOrigin(text: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\/[^/?#@*\\\s]+\/?$/i.test(text) && URL.canParse(text)) {
    const { origin, protocol, host } = new URL(text);
    return origin === "null" ? `${protocol}//${host}`.toLowerCase() : origin;
  }
  throw usageError(`--allowed-origins: ${quote(text)} is not an origin, such as https://app.example.com.`);
}

const ASKED = "authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, last-event-id";
const PREFLIGHT = { "access-control-allow-methods": "POST", "access-control-allow-headers": ASKED };

const digest = (text: string) => createHash("sha256").update(text).digest();
const bearerOf = ({ headers }: IncomingMessage) => /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
/** Without the query, where careless clients put secrets. */
const pathOf = ({ url = "/" }: IncomingMessage) => url.replace(/\?.*$/s, "");

/** Counts each client's calls in the current second. A request is one call, because batches are refused. */
function createRate(perSecond: number): (client: string) => boolean {
  const counts = new Map<string, number>();
  let second = 0;
  return (client) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) counts.clear();
    second = now;
    counts.set(client, (counts.get(client) ?? 0) + 1);
    return perSecond === 0 || (counts.get(client) ?? 0) <= perSecond;
  };
}

/** Writes an answer; the caller ends it. A refused body is not read, so its connection cannot be used again. */
export function send(res: ServerResponse, { status, body, headers }: Answer): ServerResponse {
  if (status === 204 || status === 304) return res.writeHead(status, headers);
  const text = JSON.stringify(body);
  const facts = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  res.writeHead(status, { ...facts, ...(status >= 400 && { connection: "close" }), ...headers }).write(text);
  return res;
}

/**
 * Logs refusals: one line a second for each reason, with the first one's facts, so that a flood does not fill the log.
 */
export function createRefusals(log: Log) {
  const bursts = new Map<string, { readonly fields: object; count: number }>();
  /** Writes the lines that are still pending. */
  const flush = () => {
    for (const [reason, { fields, count }] of bursts) log.info("refused", { reason, ...fields, count });
    bursts.clear();
  };
  const add = ({ status, reason }: Answer, req: IncomingMessage) => {
    const burst = bursts.get(reason);
    if (burst) burst.count += 1;
    if (burst || status < 400) return;
    if (bursts.size === 0) setTimeout(flush, 1000).unref();
    const fields = { status, path: pathOf(req).slice(0, 100), client: req.socket.remoteAddress };
    bursts.set(reason, { fields, count: 1 });
  };
  return { add, flush };
}
