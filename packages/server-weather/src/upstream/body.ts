import { type ToolError, unavailable } from "./failure.ts";

/** Most bytes of an answer. The largest real one, thirty years of days, has less than a million. */
export const MAX_BODY = 5_000_000;
/** Most elements of one list in an answer. */
const LONGEST_LIST = 200_000;
const DEEPEST = 40;

/**
 * Reads an answer's JSON without trusting it: checks its type, its size (after decompression, whatever its headers
 * say), its end and its keys.
 * @throws ToolError `unavailable` in words that say what was wrong with it
 */
export async function readJson(
  response: Response,
  source: string,
  signal: AbortSignal,
): Promise<{ json: unknown; bytes: number }> {
  const type = response.headers.get("content-type") ?? "";
  if (!/^[\w.-]+\/([\w.-]+\+)?json\b/i.test(type)) {
    await response.body?.cancel().catch(() => undefined);
    const what = /html/i.test(type) ? "a web page" : type === "" ? "something without a type" : "something else";
    throw hopeless(source, `it answered with ${what} instead of JSON (status ${response.status})`);
  }
  const { text, bytes } = await readText(response, source, signal);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unavailable(source, `its answer is not complete JSON (${bytes} bytes, status ${response.status})`);
  }
  const problem = problemOf(json);
  if (problem) throw hopeless(source, `its answer ${problem}`);
  return { json, bytes };
}

async function readText(response: Response, source: string, signal: AbortSignal) {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let [text, bytes] = ["", 0];
  if (!reader) return { text, bytes };
  // Once the headers have arrived, fetch may ignore its signal.
  const stop = () => reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return { text: text + decoder.decode(), bytes };
      bytes += value.length;
      if (bytes > MAX_BODY) throw hopeless(source, `its answer has more than ${MAX_BODY / 1_000_000} MB`);
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    // Ends an aborted download; does nothing after a complete one.
    signal.removeEventListener("abort", stop);
    await stop();
  }
}

/** A failure that a retry would not change. */
const hopeless = (source: string, why: string): ToolError => unavailable(source, why, { retryable: false });

/** Refuses contents that no genuine answer has. Plain lists of figures, the bulk of every answer, are only counted. */
function problemOf(json: unknown): string | undefined {
  let level: object[] = isObject(json) ? [json] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return "is nested too deep";
    const next: object[] = [];
    for (const value of level) {
      if (Array.isArray(value) && value.length > LONGEST_LIST) return "has a list that is too long";
      if (!Array.isArray(value) && Object.keys(value).some((key) => FORBIDDEN.has(key))) return "has a forbidden key";
      for (const inner of Object.values(value)) if (isObject(inner)) next.push(inner);
    }
    level = next;
  }
  return undefined;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
/** Keys that, copied to an object, would replace its prototype. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
