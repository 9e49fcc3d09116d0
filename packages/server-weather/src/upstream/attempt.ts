import { type Log, quote, ToolError } from "@org/server-kit";
import { readJson } from "./body.ts";
import { isOutage, networkFailure, rateLimited, unavailable } from "./failure.ts";
import { createLimits, limitOf, retryAfter } from "./limits.ts";
import { createQueue, pause } from "./queue.ts";
import type { Headers } from "./stored.ts";

const MOST_ATTEMPTS = 4;
/**
 * Milliseconds after which no other attempt begins, so that another source gets a turn before the caller's deadline. If
 * a source said when to retry, the wait may be longer.
 */
const PATIENCE = 8000;
const PATIENCE_WHEN_TOLD = 20_000;
const MOST_REDIRECTS = 3;
const SHUT_OUT = "Whoever runs this server should check the key and the contact that it sends.";

export interface HttpAnswer {
  readonly json: unknown;
  readonly bytes: number;
  readonly headers: Headers;
  /** Status 304: the cached answer is still valid. */
  readonly isUnchanged: boolean;
}

interface Asked {
  readonly source: string;
  readonly accept?: string;
  refused?(status: number, json: unknown): Error | undefined;
}

interface Options {
  readonly width: number;
  readonly timeout: number;
  readonly firstWait: number;
  readonly userAgent: string;
  readonly log: Log;
}

/** A temporary failure, and the earliest time to try again, if the source said so. */
interface Passing {
  readonly error: ToolError;
  readonly notBefore?: number | undefined;
}

/** Queues requests for each host, and retries after temporary failures. */
export function createAttempts({ width, timeout, firstWait, userAgent, log }: Options) {
  const queues = new Map<string, ReturnType<typeof createQueue>>();
  const limits = createLimits();
  /** When a request to each host last timed out. */
  const silentAt = new Map<string, number>();
  const silent = (source: string) => unavailable(source, `it did not answer within ${timeout / 1000} s`);

  return async function attempt(
    asked: Asked,
    url: URL,
    { conditions, weight }: { conditions: Headers; weight: number },
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const inTurn = queues.get(url.host) ?? createQueue(width);
    queues.set(url.host, inTurn);
    const headers = { accept: asked.accept ?? "application/json", "user-agent": userAgent, ...conditions };
    const started = Date.now();
    for (let tries = 1; ; tries++) {
      const outcome = await inTurn(signal, async () => {
        // After queueing for a host that does not answer, leave the remaining time to another source.
        if ((silentAt.get(url.host) ?? 0) > started && tries === 1) throw silent(asked.source);
        const refusal = limits.refusal(asked.source, url.host, weight);
        if (refusal) return { error: refusal, notBefore: Date.now() + (refusal.retryAfterMs ?? 0) };
        return once(asked, url, headers, signal);
      });
      if ("json" in outcome) return outcome;
      const { error, notBefore = 0 } = outcome;
      const wait = Math.max(notBefore - Date.now(), firstWait * 2 ** (tries - 1) * (0.5 + Math.random()));
      const patience = notBefore > 0 ? PATIENCE_WHEN_TOLD : PATIENCE;
      const isOver = tries >= MOST_ATTEMPTS || !error.retryable || Date.now() + wait - started > patience;
      log.info("upstream failed", { host: url.host, error: error.message, tries, isOver });
      // A later call may succeed, although the retries did not.
      if (isOver) throw error.retryable ? error : new ToolError(error.code, error.message);
      await pause(wait, signal);
    }
  };

  async function once(asked: Asked, url: URL, headers: Headers, signal: AbortSignal): Promise<HttpAnswer | Passing> {
    // Not AbortSignal.any or AbortSignal.timeout: in Node.js 20 they may be garbage-collected while an answer still
    // trickles in.
    const stop = new AbortController();
    const leave = () => stop.abort();
    const timer = setTimeout(leave, timeout);
    signal.addEventListener("abort", leave, { once: true });
    try {
      const response = await follow(asked.source, url, headers, stop.signal);
      return await judge(asked, url, response, stop.signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ToolError) {
        if (isOutage(error)) return { error };
        throw error;
      }
      if (stop.signal.aborted) {
        silentAt.set(url.host, Date.now());
        return { error: silent(asked.source) };
      }
      if (error instanceof TypeError) return { error: networkFailure(asked.source, error) };
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
    }
  }

  /** Interprets an answer: JSON, not modified, a refusal, or a temporary failure. */
  async function judge(asked: Asked, url: URL, response: Response, signal: AbortSignal): Promise<HttpAnswer | Passing> {
    const { source } = asked;
    const { status } = response;
    const headers = Object.fromEntries(response.headers);
    if (status === 304) return { json: undefined, bytes: 0, headers, isUnchanged: true };
    if (response.ok) return { ...(await readJson(response, source, signal)), headers, isUnchanged: false };
    if (status >= 500) {
      await response.body?.cancel();
      const notBefore = retryAfter(headers["retry-after"]);
      return { error: unavailable(source, `it answers with status ${status}`), notBefore };
    }
    const json = await readJson(response, source, signal).then(
      (body) => body.json,
      (error: unknown) => {
        // A rate limit needs no body. Any other answer like this is not from the service, so a retry is useless.
        if (status === 429) return undefined;
        throw error instanceof ToolError ? new ToolError(error.code, error.message, { retryable: false }) : error;
      },
    );
    const reason = reasonIn(json);
    if (status === 429) return limited(source, url.host, reason, headers["retry-after"]);
    const meant = asked.refused?.(status, json);
    if (meant) throw meant;
    const why = `it refuses the question with status ${status}${reason === "" ? "" : `: ${quote(reason, 200)}`}`;
    const isShutOut = status === 401 || status === 403;
    throw unavailable(source, why, { retryable: false, ...(isShutOut && { next: SHUT_OUT }) });
  }

  function limited(source: string, host: string, reason: string, header: string | undefined): Passing {
    const why = `its limit of requests is reached${reason === "" ? "" : ` (${quote(reason, 120)})`}`;
    const told = retryAfter(header);
    const long = limitOf(reason);
    const until = Math.max(told ?? 0, long?.until ?? 0) || Date.now() + 1000;
    // Until then, callers are told so without a request.
    if (told !== undefined || long) limits.block(source, host, until, why);
    return { error: rateLimited(source, why, until), notBefore: until };
  }
}

/** Follows redirects only within the origin, because answers from elsewhere cannot be trusted. */
async function follow(source: string, url: URL, headers: Headers, signal: AbortSignal): Promise<Response> {
  for (let [at, count] = [url, 0]; count <= MOST_REDIRECTS; count++) {
    const response = await fetch(at, { headers, signal, redirect: "manual" });
    if (response.status === 304 || response.status < 300 || response.status >= 400) return response;
    await response.body?.cancel();
    const location = response.headers.get("location") ?? "";
    const next = URL.canParse(location, at.href) ? new URL(location, at.href) : undefined;
    if (next?.origin !== url.origin) throw unavailable(source, "it redirects to another host", { retryable: false });
    at = next;
  }
  throw unavailable(source, "it redirects in a circle", { retryable: false });
}

/** The message in an error from Open-Meteo (`reason`) or in a problem document (`detail`, `title`). */
function reasonIn(json: unknown): string {
  if (typeof json !== "object" || json === null) return "";
  const facts = new Map<string, unknown>(Object.entries(json));
  for (const key of ["reason", "detail", "title"]) {
    const value = facts.get(key);
    if (typeof value === "string") return value;
  }
  return "";
}
