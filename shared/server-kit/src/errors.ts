import { type CallToolResult, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import type { Log } from "./log.ts";

/** Failures that the caller can fix. */
type CallerCode =
  | ("invalid_input" | "not_found" | "already_exists" | "conflict" | "access_denied")
  | ("too_large" | "unsupported");
/** Failures that the caller cannot fix, though some calls succeed later. */
type ServerCode = "timeout" | "cancelled" | "rate_limited" | "unavailable" | "internal";
/** Every way a call can fail. */
export type ErrorCode = CallerCode | ServerCode;

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(["timeout", "rate_limited", "unavailable"]);

/**
 * A failure whose message we wrote: it reaches the model as `code: message`, so it says what was wrong and what to do
 * next, and contains no secret and no path that the server was not given.
 */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ErrorCode;
  /** Whether the same call can succeed later. */
  readonly retryable: boolean;
  /** Milliseconds to wait before trying again, if the failing side said so. */
  readonly retryAfterMs?: number;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; retryAfterMs?: number } = {}) {
    super(message);
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** The facts of a failure that may leave the process. `reference` leads to an unknown exception's stack in the log. */
type Facts = { code: ErrorCode; retryable: boolean; retryAfterMs?: number; reference?: string };
export type Failure = { readonly message: string; readonly facts: Facts };

/** A ToolError unchanged; anything else as `internal`, its message and stack only in the log, under a reference. */
export function toFailure(error: unknown, log: Log): Failure {
  if (error instanceof ToolError) {
    const { code, message, retryable, retryAfterMs } = error;
    const facts = { code, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return { message: `${code}: ${message}`, facts };
  }
  const reference = Math.random().toString(16).slice(2, 10);
  log.error("unexpected", { reference, stack: error instanceof Error ? error.stack : String(error) });
  const message = `internal: unexpected error (reference ${reference}). The server's log has the details.`;
  return { message, facts: { code: "internal", retryable: false, reference } };
}

export const invalidParams = (message: string, data?: unknown) =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, message, data);

/** A failure as a protocol error. Like a tool's result, it hides the message of an unknown exception. */
export function toProtocolError(error: unknown, log: Log): ProtocolError {
  if (error instanceof ProtocolError) return error;
  const { message, facts } = toFailure(error, log);
  const mendable = facts.code === "invalid_input" || facts.code === "not_found";
  const code = mendable ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, message, facts);
}

/** Readable text for the model, the facts for programs. */
export function failureResult({ message, facts }: Failure): CallToolResult {
  return { isError: true, content: [{ type: "text", text: message }], _meta: { error: facts } };
}

// Invisible letters (fillers, variation selectors, tags) can hide text from people.
const INVISIBLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Makes text from outside safe for a message: at most `limit` characters, with invisible ones escaped. A megabyte of
 * text, a newline or a character that reverses the line must not reach a model or a terminal.
 */
export function quote(text: string, limit = 80): string {
  const visible = text.slice(0, limit).replace(INVISIBLE, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
  return `"${visible}${text.length > limit ? "…" : ""}"`;
}

/** `1 note`, `2 notes`, `2 entries`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

type Candidates = Iterable<readonly [text: string, name: string]>;
/** Characters of a name that are compared, sometimes with thousands of others: a client may send a megabyte. */
const COMPARED = 100;

/**
 * The names closest to `text` by edit distance, best first; none that differs in more than a third of its letters.
 * @param candidates the texts to compare with, each with the name to give for it
 * @param share the share of letters that may differ; one letter always may
 */
export function nearest(text: string, candidates: Candidates, limit = 3, share = 1 / 3): string[] {
  const wanted = text.slice(0, COMPARED);
  const most = Math.max(1, Math.floor(wanted.length * share));
  const found = new Map<string, number>();
  for (const [candidate, name] of candidates) {
    const distance = editDistance(wanted, candidate, most);
    if (distance <= most) found.set(name, Math.min(distance, found.get(name) ?? distance));
  }
  const closest = [...found].sort((a, b) => a[1] - b[1]).slice(0, limit);
  return closest.map(([name]) => name);
}

/** Letters to insert, delete, replace or swap with the next one; `most + 1` as soon as `most` is exceeded. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  const at = (row: readonly number[], index: number) => row[index] ?? most + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = Array.from({ length: Math.max(1, i - most) }, (_, j) => i + j);
    for (let j = row.length; j <= Math.min(b.length, i + most); j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = isSwap ? at(before, j - 2) + 1 : most + 1;
      row.push(Math.min(at(previous, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    if (Math.min(...row) > most) return most + 1;
    [before, previous] = [previous, row];
  }
  return at(previous, b.length);
}

/**
 * A cursor: the place where the next page begins, and of which question. Let the place name the last row and not its
 * number: then no row is repeated or skipped when others come or go between two pages.
 * @param question what was asked, without the cursor and the page's size
 */
export const toCursor = (place: unknown, question?: unknown): string =>
  Buffer.from(JSON.stringify([keyOf(question), place])).toString("base64url");

type Parser<T> = { parse(value: unknown): T };
/**
 * The place in a cursor; undefined without a cursor. A client can make one up, so it is checked like any argument.
 * @param schema a zod schema, or anything else that throws for a wrong value
 * @throws ToolError `invalid_input` for a cursor from another question
 */
export function fromCursor<T>(cursor: string | undefined, schema: Parser<T>, question?: unknown): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [key, place]: unknown[] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (key === keyOf(question)) return schema.parse(place);
  } catch {
    // Refused below.
  }
  const advice = "pass the cursor from the previous page, unchanged and with the same arguments, or leave it out.";
  throw new ToolError("invalid_input", `cursor: ${advice}`);
}

/** A hash that tells questions apart. Loading `node:crypto` for it would slow every start by some milliseconds. */
function keyOf(question: unknown): number {
  let key = 0;
  for (const unit of Buffer.from(JSON.stringify(question ?? null))) key = (Math.imul(key, 31) + unit) | 0;
  return key;
}
