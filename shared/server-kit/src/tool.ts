import type { CallToolResult, ContentBlock, ResourceLink, TextContent } from "@modelcontextprotocol/server";
import type * as z from "zod";
import { ToolError } from "./errors.ts";
import type { Log } from "./log.ts";
import { parse, toJsonSchema, weigh } from "./schema.ts";

export type Awaitable<T> = T | Promise<T>;

/** What a handler knows about its call. */
export interface Call {
  /** Aborted at the deadline, when the client cancels, and at shutdown. Pass it to everything that waits. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Characters that a result may have (`--max-output`). The tool pages what does not fit. */
  readonly maxOutput: number;
  /** Reports progress to clients that asked for it. */
  progress(done: number, total?: number, message?: string): Promise<void>;
}

type Hint = "readOnlyHint" | "destructiveHint" | "idempotentHint" | "openWorldHint";
/** All four are required, so that every tool says what it may do. */
export type Hints = Readonly<Record<Hint, boolean>>;

const HARMLESS = { destructiveHint: false, idempotentHint: true, openWorldHint: false };
/** Reads this server's own data. */
export const READ_ONLY: Hints = { readOnlyHint: true, ...HARMLESS };
/** Adds something, and removes nothing. */
export const WRITES: Hints = { ...READ_ONLY, readOnlyHint: false, idempotentHint: false };
/** May remove or replace what was there. */
export const REPLACES: Hints = { ...WRITES, destructiveHint: true };

/** Text, or a list of blocks: texts, and links to resources of this server. */
export type Words = string | readonly (string | TextContent | ResourceLink)[];
/** Any blocks, including pictures, sounds and files. */
export type Content = string | readonly (string | ContentBlock)[];

interface Described<I extends z.ZodObject> {
  /** `verb_noun`, in snake_case. */
  readonly name: string;
  readonly title: string;
  /** What it returns, when to use it, and when to use another tool; at most 300 characters. */
  readonly description: string;
  readonly annotations: Hints;
  /** A flat `z.strictObject` whose fields all have descriptions. */
  readonly input: I;
  /** The resource that shows its results in hosts with MCP Apps. */
  readonly view?: `ui://${string}`;
  /** The tool's `_meta`, for anything else that a host may read. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** All facts are in `structuredContent`, and the text states the same. */
interface StructuredTool<I extends z.ZodObject, O extends z.ZodObject, C> extends Described<I> {
  readonly output: O;
  readonly media?: never;
  run(args: z.output<I>, context: C, call: Call): Awaitable<z.input<O>>;
  /** The text for people; by default, the value as JSON. */
  render?(value: z.output<O>, args: z.output<I>): Awaitable<Words>;
}

/** The first block is exactly the body, the second one line of facts; there is no `structuredContent`. */
interface TextTool<I extends z.ZodObject, C> extends Described<I> {
  readonly output?: never;
  readonly media?: never;
  readonly render?: never;
  run(args: z.output<I>, context: C, call: Call): Awaitable<Words>;
}

/**
 * A text tool that may return pictures, sounds or files. Never a structured one: several hosts give a model only
 * `structuredContent`, and the picture would not reach it.
 */
interface MediaTool<I extends z.ZodObject, C> extends Described<I> {
  readonly output?: never;
  readonly media: true;
  readonly render?: never;
  run(args: z.output<I>, context: C, call: Call): Awaitable<Content>;
}

type AnyTool<C> = StructuredTool<z.ZodObject, z.ZodObject, C> | TextTool<z.ZodObject, C> | MediaTool<z.ZodObject, C>;

/** The answer to a call, and how many of its characters a model may see. */
export interface Answer {
  readonly result: CallToolResult;
  readonly size: number;
}

/** A tool whose schema types are hidden, so that the tools of a server are a plain array. */
export interface Tool<C> extends Described<z.ZodObject> {
  readonly output?: z.ZodObject | undefined;
  readonly media?: true | undefined;
  // A property, not a method: TypeScript then checks the context strictly, and a tool fits only its own server.
  readonly call: (raw: unknown, context: C, call: Call) => Promise<Answer>;
}

/**
 * Describes one tool. `run` gets checked arguments, the server's context and the call; it returns the value
 * of `output`, or text when there is none, and throws a {@link ToolError} for what the caller can act on.
 */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject, C = unknown>(
  tool: StructuredTool<I, O, C>,
): Tool<C>;
export function defineTool<I extends z.ZodObject, C = unknown>(tool: TextTool<I, C> | MediaTool<I, C>): Tool<C>;
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

/** Characters of base64 that a resource, or a result's pictures, sounds and files together, may have. */
export const MAX_MEDIA = 6 << 20;

function limited(result: CallToolResult, { maxOutput }: Call): Answer {
  let [text, media] = [0, 0];
  for (const block of result.content) {
    if (block.type === "text") text += block.text.length;
    else if ("data" in block) media += block.data.length;
    else if (block.type === "resource" && "blob" in block.resource) media += block.resource.blob.length;
    else text += weigh(block);
  }
  // Hosts pass on either the text or the structured value.
  const { structuredContent } = result;
  const size = structuredContent === undefined ? text : Math.max(text, JSON.stringify(structuredContent).length);
  if (size <= maxOutput && media <= MAX_MEDIA) return { result, size };
  const [found, limit] = size > maxOutput ? [size, maxOutput] : [media, MAX_MEDIA];
  throw new ToolError("too_large", `the result has ${found} characters, over the limit of ${limit}. Ask for less.`);
}

/** A tool as listed for hosts and models. */
export type ListedTool = ReturnType<typeof listTool>;

export function listTool<C>({ name, title, description, annotations, input, output, view, meta }: Tool<C>) {
  const listed = { name, title, description, annotations, inputSchema: toJsonSchema(input, "input") };
  const _meta = { ...meta, ...(view && { ui: { resourceUri: view } }) };
  const outputs = output && { outputSchema: toJsonSchema(output, "output") };
  return { ...listed, ...outputs, ...((view || meta) && { _meta }) };
}
