export { counted, type ErrorCode, fromCursor, nearest, quote, ToolError, toCursor } from "./errors.ts";
export { once, startWorker } from "./lazy.ts";
export type { Fields, Log } from "./log.ts";
export type { Option, Options, OptionTable } from "./options.ts";
export { type Body, definePrompt, defineResource, type Page, type Prompt, type Resource } from "./resource.ts";
export { runServer } from "./run.ts";
export { defineServer, type Running, type Server, type ServerDefinition, type ServerDescription } from "./server.ts";
export { lookEverySecond, type Release } from "./subscriptions.ts";
export {
  type Awaitable,
  type Call,
  type Content,
  defineTool,
  type Hints,
  type ListedTool,
  READ_ONLY,
  REPLACES,
  type Tool,
  WRITES,
} from "./tool.ts";
