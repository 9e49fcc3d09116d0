export { type ErrorCode, quote, ToolError } from "./errors.ts";
export type { Fields, Log } from "./log.ts";
export type { Option, OptionRow, Options, OptionTable } from "./options.ts";
export {
  type Body,
  definePrompt,
  defineResource,
  type ListedPrompt,
  type Page,
  type Prompt,
  type Release,
  type Resource,
} from "./resource.ts";
export { runServer } from "./run.ts";
export { defineServer, type Running, type Server, type ServerDefinition, type ServerDescription } from "./server.ts";
export {
  type Awaitable,
  type Call,
  type Content,
  defineTool,
  type Hints,
  type ListedTool,
  READ_ONLY,
  type Tool,
} from "./tool.ts";
