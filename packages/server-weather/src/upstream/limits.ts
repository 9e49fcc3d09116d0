import { rateLimited, type ToolError } from "./failure.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MOST_ACCOUNTS = 500;

/** When a source's rate limit ends. Open-Meteo says so in a sentence, without a Retry-After header. */
export function limitOf(
  reason: string,
  now = Date.now(),
): { readonly until: number; readonly isLong: boolean } | undefined {
  const next = (span: number) => (Math.floor(now / span) + 1) * span;
  if (/\b(minutely|one minute)\b/i.test(reason)) return { until: now + MINUTE, isLong: true };
  if (/\b(hourly|next hour)\b/i.test(reason)) return { until: next(HOUR), isLong: true };
  if (/\b(daily|tomorrow)\b/i.test(reason)) return { until: next(DAY), isLong: true };
  return undefined;
}

/** The time in a Retry-After header, which has seconds from now or a date, in milliseconds since 1970. */
export function retryAfter(header: string | null | undefined, now = Date.now()): number | undefined {
  if (header === null || header === undefined || header.trim() === "") return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return now + Number(header) * 1000;
  // An HTTP date begins with the weekday; Date.parse would read other texts as years.
  const date = /^[a-z]{3}/i.test(header.trim()) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(date, now);
}

/** Calls that Open-Meteo's free service allows; a request for many days or variables counts as several. */
const ALLOWED = [
  { span: DAY, name: "day", calls: 10_000 },
  { span: HOUR, name: "hour", calls: 5000 },
] as const;

/**
 * Remembers how long each source refuses requests, and counts calls to sources with a quota, so that it is never
 * exceeded.
 */
export function createLimits() {
  const blocked = new Map<string, { readonly until: number; readonly why: string }>();
  const spent = new Map<string, number>();

  return {
    block: (source: string, host: string, until: number, why: string) =>
      blocked.set(`${source} ${host}`, { until, why }),

    /** Returns why a request would be useless now; otherwise counts it. */
    refusal(source: string, host: string, weight: number): ToolError | undefined {
      const now = Date.now();
      const known = blocked.get(`${source} ${host}`);
      if (known && known.until > now) return rateLimited(source, known.why, known.until);
      if (weight === 0) return undefined;
      const accounts = ALLOWED.map((limit) => ({
        ...limit,
        key: `${host} ${limit.name} ${Math.floor(now / limit.span)}`,
      }));
      for (const { key, name, calls, span } of accounts) {
        const used = spent.get(key) ?? 0;
        if (used + weight <= calls) continue;
        const why = `this server has used ${Math.round(used)} of the ${calls} calls that the free service allows per ${name}`;
        return rateLimited(source, why, (Math.floor(now / span) + 1) * span);
      }
      if (spent.size > MOST_ACCOUNTS) spent.clear();
      for (const { key } of accounts) spent.set(key, (spent.get(key) ?? 0) + weight);
      return undefined;
    },
  };
}
