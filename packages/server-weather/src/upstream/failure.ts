import { ToolError } from "@org/server-kit";

export type { ToolError } from "@org/server-kit";

/** The error for a source that does not answer, or not as documented. */
export const unavailable = (
  source: string,
  why: string,
  { next = "Try again in a few minutes.", ...options }: { retryable?: boolean; next?: string } = {},
): ToolError => new ToolError("unavailable", `${source} is not available: ${why}. ${next}`, options);

/** The error for a source whose limit is reached. `until` is in milliseconds since 1970. */
export function rateLimited(source: string, why: string, until: number): ToolError {
  const at = new Date(until).toISOString().replace(/\.\d+Z$/, "Z");
  return new ToolError("rate_limited", `${source}: ${why}. Ask again after ${at}.`, {
    retryAfterMs: Math.max(0, until - Date.now()),
  });
}

/** Whether another provider or an older answer may be used, because the source is at fault and not the request. */
export const isOutage = (error: unknown): error is ToolError =>
  error instanceof ToolError && (error.code === "unavailable" || error.code === "rate_limited");

/** Network errors, in words for people. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name cannot be resolved; check the network",
  EAI_AGAIN: "its name cannot be resolved now; check the network",
  ECONNREFUSED: "it refuses connections",
  ECONNRESET: "the connection broke",
  UND_ERR_SOCKET: "the connection broke",
  EPIPE: "the connection broke",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "it cannot be reached",
  ETIMEDOUT: "it does not answer",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer",
  UND_ERR_HEADERS_TIMEOUT: "it does not answer",
  UND_ERR_BODY_TIMEOUT: "its answer stopped in the middle",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

/** The error for a failed fetch. Its own message may contain an address, so only the code is used. */
export function networkFailure(source: string, error: unknown): ToolError {
  const code = codeOf(error);
  // A failing DNS lookup takes seconds, and another source should get its turn.
  const retryable = code !== "ENOTFOUND" && code !== "EAI_AGAIN";
  const why = REASONS[code] ?? (code === "" ? "the connection failed" : `the connection failed (${code})`);
  return unavailable(source, why, { retryable });
}

function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return "";
}
