import { type JSONRPCMessage, parseJSONRPCMessage, type RequestId } from "@modelcontextprotocol/server";
import { quote } from "./errors.ts";
import { isObject, type Json, parseJson } from "./schema.ts";

/** The answer to something that is not a valid message. */
export interface Refusal {
  readonly jsonrpc: "2.0";
  readonly id: RequestId | null;
  readonly error: { readonly code: number; readonly message: string };
}

/** Parses a message for both transports; for anything else, returns the answer that says what is wrong. */
export function readMessage(text: string): JSONRPCMessage | { readonly refusal: Refusal } {
  if (text.startsWith("\uFEFF")) return refuse(-32700, "Parse error: the message begins with a byte order mark.");
  const value = parseJson(text);
  if (value === undefined) return refuse(-32700, "Parse error: the message is not JSON.");
  try {
    const message = withoutNullArguments(parseJSONRPCMessage(value));
    if (!("id" in message && "method" in message)) return message;
    const problem = misfit(message.method, message.params);
    return problem ? refuse(-32602, `Invalid params: ${problem}.`, message.id) : message;
  } catch {
    const fields = new Map(isObject(value) ? Object.entries(value) : []);
    const { reason } = REASONS.find(({ holds }) => holds(value, fields)) ?? {
      reason: "it is neither a request, a notification nor a response",
    };
    const id: unknown = fields.get("id");
    // Without a method it may be a response to a request of ours, whose id must not be echoed as one of the host's.
    const isEchoed = isId(id) && typeof fields.get("method") === "string";
    return refuse(-32600, `Invalid request: ${reason}.`, isEchoed ? id : null);
  }
}

/** Params that must be strings, by method of both eras: the SDK would report an internal error in its own words. */
const TEXTS: readonly { methods: RegExp; paths: readonly string[] }[] = [
  { methods: /^(tools\/call|prompts\/get)$/, paths: ["name"] },
  { methods: /^resources\/(read|(un)?subscribe)$/, paths: ["uri"] },
  { methods: /^completion\/complete$/, paths: ["ref.type", "argument.name", "argument.value"] },
];

/** Describes the first of a request's params that has the wrong type. */
function misfit(method: string, params: Json = {}): string | undefined {
  const at = (path: string) => path.split(".").reduce((value: unknown, key) => isObject(value) && value[key], params);
  const { cursor = "", arguments: given = {}, _meta } = params;
  // 2026-07-28, whose requests name their revision, does not have these methods, so their params do not matter.
  const isGone = /subscribe$/.test(method) && Object.hasOwn(Object(_meta), "io.modelcontextprotocol/protocolVersion");
  const needed = isGone ? [] : (TEXTS.find(({ methods }) => methods.test(method))?.paths ?? []);
  const wrong = typeof cursor === "string" ? needed.find((path) => typeof at(path) !== "string") : "cursor";
  if (wrong) return `params.${wrong} must be a string`;
  if (!isObject(given)) return "params.arguments must be an object";
  const argument = method === "prompts/get" && Object.keys(given).find((name) => typeof given[name] !== "string");
  return argument === undefined || argument === false ? undefined : `the argument ${quote(argument)} must be a string`;
}

/** Some hosts send `arguments: null` for none, which the SDK refuses in its schema's words. */
function withoutNullArguments(message: JSONRPCMessage): JSONRPCMessage {
  if (!("method" in message) || message.params?.arguments !== null) return message;
  const { arguments: _, ...params } = message.params;
  return { ...message, params };
}

const isId = (id: unknown): id is RequestId => typeof id === "string" || Number.isSafeInteger(id);

const REASONS: readonly { reason: string; holds(value: unknown, fields: ReadonlyMap<string, unknown>): boolean }[] = [
  { reason: "batches are not supported; send each message by itself", holds: (value) => Array.isArray(value) },
  { reason: 'a message is an object with "jsonrpc": "2.0"', holds: (_, fields) => fields.get("jsonrpc") !== "2.0" },
  { reason: "id must be a string or an integer", holds: (_, fields) => fields.has("id") && !isId(fields.get("id")) },
  { reason: "params must be an object", holds: (_, fields) => fields.has("params") && !isObject(fields.get("params")) },
];
const refuse = (code: number, message: string, id: RequestId | null = null) => ({
  refusal: { jsonrpc: "2.0" as const, id, error: { code, message } },
});

/**
 * Splits a stream into lines, and passes on each with its size in bytes. `end` passes on the last one, which may lack a
 * line end.
 * @param limit bytes of a line; after a longer one, `onTooLong` is called and nothing more is passed on
 */
export function createLines(limit: number, onLine: (line: string, bytes: number) => void, onTooLong: () => void) {
  let parts: Buffer[] = [];
  let size = 0;
  let isOver = false;
  const add = (part: Buffer) => {
    size += part.length;
    if (size <= limit) parts.push(part);
    else if (!isOver) {
      isOver = true;
      parts = [];
      onTooLong();
    }
  };
  const end = () => {
    if (size === 0 || isOver) return;
    const [line, bytes] = [Buffer.concat(parts).toString(), size];
    [parts, size] = [[], 0];
    if (line.trim() !== "") onLine(line, bytes);
  };
  return {
    feed(chunk: Buffer) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0 && !isOver; at = chunk.indexOf(10, from)) {
        add(chunk.subarray(from, at));
        end();
        from = at + 1;
      }
      if (!isOver) add(chunk.subarray(from));
    },
    end,
  };
}
