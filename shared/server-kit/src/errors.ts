import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Log } from "./log.ts";

/** What the caller can mend. */
type CallerCode =
  | ("invalid_input" | "not_found" | "already_exists" | "conflict" | "access_denied")
  | ("too_large" | "unsupported");
/** What it can only repeat, later or not at all. */
type ServerCode = "timeout" | "cancelled" | "rate_limited" | "unavailable" | "internal";
/** Every way a call can fail. */
export type ErrorCode = CallerCode | ServerCode;

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
  readonly retryAfterMs?: number;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; retryAfterMs?: number } = {}) {
    super(message);
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** What of a failure may leave the process. `reference` finds an unknown exception's stack in the log. */
type Facts = { code: ErrorCode; retryable: boolean; retryAfterMs?: number; reference?: string };
export type Failure = { readonly message: string; readonly facts: Facts };

/** A ToolError as it is; anything else as `internal`, its own words kept in the log under a reference. */
export function toFailure(error: unknown, log: Log): Failure {
  if (error instanceof ToolError) {
    const { code, message, retryable, retryAfterMs } = error;
    const facts = { code, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return { message: `${code}: ${message}`, facts };
  }
  const reference = Math.random().toString(16).slice(2, 10);
  log.error("unexpected", { reference, stack: error instanceof Error ? error.stack : String(error) });
  const message = `internal: the server met something unexpected (reference ${reference}). Its log has the details.`;
  return { message, facts: { code: "internal", retryable: false, reference } };
}

/** Readable text for the model, the facts for programs. */
export function failureResult({ message, facts }: Failure): CallToolResult {
  return { isError: true, content: [{ type: "text", text: message }], _meta: { error: facts } };
}

// Letters that show nothing (fillers, variation selectors, tags) are how text is hidden from people.
const INVISIBLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Text from outside, fit for a message: at most `limit` characters, nothing invisible. A megabyte of it, a
 * newline or a sign that turns the line around must not reach a model or a terminal as such.
 */
export function quote(text: string, limit = 80): string {
  const visible = text.slice(0, limit).replace(INVISIBLE, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
  return `"${visible}${text.length > limit ? "…" : ""}"`;
}
