import CachePolicy from "http-cache-semantics";

export type Headers = Readonly<Record<string, string>>;

/** A parsed answer, and what its source says about caching it. */
export interface Stored<T> {
  readonly value: T;
  /** When it arrived, in milliseconds since 1970. */
  readonly fetchedAt: number;
  readonly bytes: number;
  /** Undefined if the source says nothing about caching. */
  readonly policy?: CachePolicy | undefined;
}

const MOST_ENTRIES = 500;
const MOST_BYTES = 32_000_000;

/** Answers by URL; the least recently used is dropped first. */
export function createStore<T>() {
  const entries = new Map<string, Stored<T>>();
  let total = 0;
  const remove = (key: string) => {
    total -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get(key: string): Stored<T> | undefined {
      const found = entries.get(key);
      if (!found) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found;
    },
    set(key: string, stored: Stored<T>): void {
      remove(key);
      entries.set(key, stored);
      total += stored.bytes;
      for (const oldest of entries.keys()) {
        if (entries.size <= MOST_ENTRIES && total <= MOST_BYTES) break;
        remove(oldest);
      }
    },
  };
}

const saysHowLong = (headers: Headers) =>
  /max-age|no-cache|no-store/i.test(headers["cache-control"] ?? "") || headers.expires !== undefined;

/** The source's caching rules for an answer; undefined if there are none, and the kind of answer decides. */
export function policyOf(url: string, headers: Headers): CachePolicy | undefined {
  if (!saysHowLong(headers) && headers["last-modified"] === undefined && headers.etag === undefined) return undefined;
  // Without a lifetime, nothing can be concluded from the document's age.
  return new CachePolicy(
    { url, headers: {} },
    { status: 200, headers: { ...headers } },
    { shared: false, cacheHeuristic: 0 },
  );
}

/** The request headers that let a source answer "not modified". */
export function conditions(url: string, { policy }: Stored<unknown>): Headers {
  const headers = Object.entries(policy?.revalidationHeaders({ url, headers: {} }) ?? {});
  return Object.fromEntries(headers.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}

/** The same answer, after its source confirmed it as not modified. */
export function renewed<T>(url: string, stored: Stored<T>, headers: Headers): Stored<T> {
  const policy = stored.policy?.revalidatedPolicy(
    { url, headers: {} },
    { status: 304, headers: { ...headers } },
  ).policy;
  return { ...stored, policy, fetchedAt: Date.now() };
}

/** Whether an answer is still fresh. `ttl`, in milliseconds, applies if the source says nothing. */
export function isFresh({ policy, fetchedAt }: Stored<unknown>, ttl: number): boolean {
  const said = policy && saysHowLong(textsOf(policy.responseHeaders()));
  return said ? !policy.stale() : Math.abs(Date.now() - fetchedAt) < ttl;
}

const textsOf = (headers: CachePolicy.Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
