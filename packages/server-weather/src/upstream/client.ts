/**
 * The HTTP client for all sources: a queue per host (queue.ts), retries (attempt.ts), checks of every answer (body.ts),
 * one request for identical concurrent questions (shared.ts), and caches that follow the source's caching headers
 * (stored.ts).
 */
import type { Log } from "@org/server-kit";
import { createAttempts } from "./attempt.ts";
import { isOutage } from "./failure.ts";
import { createShared } from "./shared.ts";
import { conditions, createStore, isFresh, policyOf, renewed, type Stored } from "./stored.ts";

const MINUTE = 60_000;
/** Milliseconds that an answer is cached if its source says nothing about caching. */
export const TTL = {
  current: 10 * MINUTE,
  alerts: 2 * MINUTE,
  forecast: 60 * MINUTE,
  archive: 24 * 60 * MINUTE,
  places: 7 * 24 * 60 * MINUTE,
} as const;

/** What one kind of question is about. */
export interface Kind<T> {
  /** The source's name for people: "Open-Meteo". */
  readonly source: string;
  readonly accept?: string;
  readonly ttl: number;
  /** Milliseconds: an expired answer younger than this is used, and marked, when the source is down. */
  readonly maxStale: number;
  /** Parses the JSON of an answer into the cached value; throws for anything that is not as documented. */
  parse(json: unknown, asked: URL): T;
  /** The error for a refusal with JSON (status 400 to 499); undefined if the source is at fault. */
  refused?(status: number, json: unknown): Error | undefined;
}

export interface Reply<T> {
  readonly value: T;
  /** When it arrived, in milliseconds since 1970. */
  readonly fetchedAt: number;
  readonly isStale: boolean;
}

export interface Asking {
  /** Overrides the kind's, in milliseconds. */
  readonly ttl?: number;
  /** How many calls the request counts as for a source with a quota. Default 0. */
  readonly weight?: number;
}

/** The answers to one kind of question. */
export interface Memory<T> {
  /**
   * Sends a request, or answers from the cache. When the source is down, a stale answer is used.
   * @throws ToolError `unavailable` or `rate_limited` when it is the source's fault, else what `refused` returns
   */
  get(url: URL, signal: AbortSignal, asking?: Asking): Promise<Reply<T>>;
  /** The cached answer, if it is still fresh. */
  peek(url: URL, ttl?: number): Reply<T> | undefined;
  /** Caches an answer that arrived together with others. */
  put(url: URL, value: T): void;
}

export interface ClientOptions {
  /** Requests that run at once to one host. */
  readonly width: number;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Milliseconds before the second attempt; each further wait is twice as long, and all have jitter. */
  readonly firstWait: number;
  readonly userAgent: string;
  readonly log: Log;
}

export type Client = ReturnType<typeof createClient>;

export function createClient(options: ClientOptions) {
  const attempt = createAttempts(options);

  function memory<T>(kind: Kind<T>): Memory<T> {
    const store = createStore<T>();
    const share = createShared<Stored<T>>();

    async function ask(url: URL, weight: number, signal: AbortSignal): Promise<Stored<T>> {
      const before = store.get(url.href);
      const answer = await attempt(
        kind,
        url,
        { conditions: before ? conditions(url.href, before) : {}, weight },
        signal,
      );
      const stored =
        before && answer.isUnchanged
          ? renewed(url.href, before, answer.headers)
          : {
              value: kind.parse(answer.json, url),
              fetchedAt: Date.now(),
              bytes: answer.bytes,
              policy: policyOf(url.href, answer.headers),
            };
      if (stored.policy?.storable() !== false) store.set(url.href, stored);
      return stored;
    }

    const peek = (url: URL, ttl = kind.ttl) => {
      const stored = store.get(url.href);
      return stored && isFresh(stored, ttl) ? replyOf(stored, false) : undefined;
    };

    return {
      peek,
      put: (url, value) => store.set(url.href, { value, fetchedAt: Date.now(), bytes: url.href.length }),
      async get(url, signal, { ttl = kind.ttl, weight = 0 } = {}) {
        const known = peek(url, ttl);
        if (known) return known;
        try {
          return replyOf(await share(url.href, signal, (shared) => ask(url, weight, shared)), false);
        } catch (error) {
          const old = store.get(url.href);
          if (!isOutage(error) || !old || Date.now() - old.fetchedAt > kind.maxStale) throw error;
          options.log.info("stale answer", { host: url.host, ageMs: Date.now() - old.fetchedAt });
          return replyOf(old, true);
        }
      },
    };
  }

  return { memory };
}

const replyOf = <T>({ value, fetchedAt }: Stored<T>, isStale: boolean): Reply<T> => ({ value, fetchedAt, isStale });
