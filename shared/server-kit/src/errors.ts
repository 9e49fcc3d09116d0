import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Log } from "./log.ts";

/** Every way a call can fail, in words that a model and a host can act on. */
export type ErrorCode =
  | "invalid_input"
  | "not_found"
  | "already_exists"
  | "conflict"
  | "access_denied"
  | "too_large"
  | "unsupported"
  | "timeout"
  | "cancelled"
  | "rate_limited"
  | "unavailable"
  | "internal";

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(["timeout", "rate_limited", "unavailable"]);

/**
 * A failure whose message we wrote: it reaches the model as `code: message`, so it says what was wrong
 * and what to do next, and holds no secret and no path outside what the server was given.
 */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ErrorCode;
  /** Whether the same call can succeed later. */
  readonly retryable: boolean;
  /** Milliseconds to wait before trying again, where the failing side said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What of a failure may leave the process, whatever was thrown. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** Finds the stack of an unknown exception in the log. */
  readonly reference?: string;
}

/** A ToolError as it is; anything else as `internal`, its own words kept in the log under a reference. */
export function toFailure(error: unknown, log: Log): Failure {
  if (error instanceof ToolError) {
    const { code, message, retryable, retryAfterMs } = error;
    return { code, message, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  const reference = Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
  log.error("unexpected", {
    reference,
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  const message = `something failed that the server did not expect (reference ${reference}). Its log has the details.`;
  return { code: "internal", message, retryable: false, reference };
}

/** The result a host sees: readable text for the model, the facts for programs under `_meta.error`. */
export function failureResult({ message, ...facts }: Failure): CallToolResult {
  return { isError: true, content: [{ type: "text", text: `${facts.code}: ${message}` }], _meta: { error: facts } };
}

/** Text from outside, short enough and plain enough to stand in a message: one line, no control characters. */
export function quote(text: string, limit = 80): string {
  const line = text.slice(0, limit + 1).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD");
  return line.length > limit ? `"${line.slice(0, limit)}…"` : `"${line}"`;
}
