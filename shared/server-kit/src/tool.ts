import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import * as z from "zod";
import { quote, ToolError } from "./errors.ts";
import type { Log } from "./log.ts";

export type Awaitable<T> = T | Promise<T>;

/** What a handler may use of the call that it serves. */
export interface Call {
  /** Aborted at the deadline, when the client cancels, and at shutdown. Every wait inside a handler takes it. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Characters that a result may have (`--max-output`): what does not fit is paged by the tool. */
  readonly maxOutput: number;
  /** Tells a client that asked for it how far the work is; does nothing for others. */
  progress(done: number, total?: number, message?: string): Promise<void>;
}

type Hint = "readOnlyHint" | "destructiveHint" | "idempotentHint" | "openWorldHint";
/** All four, so that every tool says what it may do. */
export type Hints = Readonly<Record<Hint, boolean>>;

/** Reads this server's own data. */
export const READ_ONLY: Hints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Text, or blocks where there is more than one. */
export type Content = string | readonly (string | ContentBlock)[];

interface Described<I extends z.ZodObject> {
  /** `verb_noun`, in snake_case. */
  readonly name: string;
  readonly title: string;
  /** What it returns, when to use it, and when its sibling; at most 300 characters. */
  readonly description: string;
  readonly annotations: Hints;
  /** A flat `z.strictObject` whose fields all have descriptions. */
  readonly input: I;
}

/** All facts are in `structuredContent`; the text says the same ones. */
interface StructuredTool<I extends z.ZodObject, O extends z.ZodObject, C> extends Described<I> {
  readonly output: O;
  run(args: z.output<I>, context: C, call: Call): Awaitable<z.input<O>>;
  /** What a person reads, and pictures. The value as JSON when left out. */
  render?(value: z.output<O>, args: z.output<I>): Awaitable<Content>;
}

/** The first block is exactly the body, the second one line of facts; there is no `structuredContent`. */
interface TextTool<I extends z.ZodObject, C> extends Described<I> {
  readonly output?: never;
  readonly render?: never;
  run(args: z.output<I>, context: C, call: Call): Awaitable<Content>;
}

type AnyTool<C> = StructuredTool<z.ZodObject, z.ZodObject, C> | TextTool<z.ZodObject, C>;

/** A tool with its schemas' types closed over, so that the tools of a server are a plain array. */
export interface Tool<C> extends Described<z.ZodObject> {
  readonly output?: z.ZodObject | undefined;
  // A property and not a method: the context is checked strictly, so a tool fits only its own server.
  readonly call: (raw: unknown, context: C, call: Call) => Promise<CallToolResult>;
}

/**
 * Describes one tool. `run` gets checked arguments, the server's context and the call; it returns the value
 * of `output`, or text when there is none, and throws a {@link ToolError} for what the caller can act on.
 */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject, C = unknown>(
  tool: StructuredTool<I, O, C>,
): Tool<C>;
export function defineTool<I extends z.ZodObject, C = unknown>(tool: TextTool<I, C>): Tool<C>;
export function defineTool<C>(tool: AnyTool<C>): Tool<C> {
  return {
    ...tool,
    async call(raw, context, call) {
      const args = parse(tool.input, raw);
      if (!tool.output) return limited({ content: blocks(await tool.run(args, context, call)) }, call);
      const value = tool.output.parse(await tool.run(args, context, call));
      const content = tool.render ? await tool.render(value, args) : JSON.stringify(value);
      return limited({ structuredContent: value, content: blocks(content) }, call);
    },
  };
}

function blocks(content: Content): ContentBlock[] {
  const parts = typeof content === "string" ? [content] : content;
  return parts.map((part) => (typeof part === "string" ? { type: "text", text: part } : part));
}

/** Characters of base64 that the pictures, sounds and embedded files of a result, or a resource, may have. */
export const MAX_MEDIA = 6 << 20;

function limited(result: CallToolResult, { maxOutput }: Call): CallToolResult {
  const size = resultSize(result);
  let media = 0;
  for (const block of result.content) {
    if ("data" in block) media += block.data.length;
    else if (block.type === "resource" && "blob" in block.resource) media += block.resource.blob.length;
  }
  if (size <= maxOutput && media <= MAX_MEDIA) return result;
  const [found, limit] = size > maxOutput ? [size, maxOutput] : [media, MAX_MEDIA];
  throw new ToolError("too_large", `the result has ${found} characters, over the limit of ${limit}. Ask for less.`);
}

/** Characters that a model may be given: hosts pass on either the text or the structured value. */
export function resultSize({ content, structuredContent }: CallToolResult): number {
  let text = 0;
  for (const block of content) {
    if (block.type === "text") text += block.text.length;
    else if (block.type === "resource" && "text" in block.resource) text += JSON.stringify(block.resource).length;
  }
  return structuredContent === undefined ? text : Math.max(text, JSON.stringify(structuredContent).length);
}

/**
 * Arguments as the schema has them, defaults filled in.
 * @throws ToolError `invalid_input` naming each wrong argument and, for an unknown one, those there are
 */
export function parse<I extends z.ZodObject>(schema: I, raw: unknown): z.output<I> {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map((issue) => {
    const place = pathOf(issue.path);
    if (issue.code === "unrecognized_keys") {
      const keys = issue.keys.slice(0, 5).map((key) => quote(key));
      return `unknown argument${keys.length > 1 ? "s" : ""} ${keys.join(", ")}${place && ` in ${quote(place)}`}`;
    }
    const name = quote(place || "arguments");
    return issue.message.endsWith("received undefined") ? `${name} is missing` : `${name}: ${issue.message}`;
  });
  const expected = Object.keys(schema.shape).join(", ") || "none";
  throw new ToolError("invalid_input", `${problems.join("; ")}. Expected arguments: ${expected}.`);
}

/** `edits[0].oldText`. Written here, since zod's own brings all its languages along. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");

export type ObjectSchema = { type: "object"; [key: string]: unknown };

/** JSON Schema as hosts like it: no dialect line, no bounds that only say "a safe integer", one type at a time. */
export function toJsonSchema(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
  const portable = JSON.parse(JSON.stringify(json), (key, value) => {
    if (key === "maximum" && value === Number.MAX_SAFE_INTEGER) return undefined;
    if (key === "minimum" && value === Number.MIN_SAFE_INTEGER) return undefined;
    // An empty schema says nothing; `true` says that anything is meant.
    if (key === "additionalProperties" && Object.keys(value).length === 0) return value !== false;
    if (!Array.isArray(value?.type)) return value;
    const { type: types, ...rest } = value;
    return { ...rest, anyOf: types.map((type: unknown) => ({ type })) };
  });
  return { ...portable, type: "object" };
}

/** What a model and a host see of a tool. */
export type ListedTool = ReturnType<typeof listTool>;

export function listTool<C>({ name, title, description, annotations, input, output }: Tool<C>) {
  const inputSchema = toJsonSchema(input, "input");
  const listed = { name, title, description, annotations, inputSchema };
  return output ? { ...listed, outputSchema: toJsonSchema(output, "output") } : listed;
}
