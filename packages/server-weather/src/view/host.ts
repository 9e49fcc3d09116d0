/**
 * The conversation with the host that shows this page (MCP Apps, revision 2026-01-26): JSON-RPC over `postMessage`. It is
 * written by hand because the official class would make the page forty times as large.
 */

export interface ToolResult {
  readonly isError?: boolean;
  readonly structuredContent?: unknown;
  readonly content?: unknown;
}

/** What the page does when the host says something. */
export interface Handlers {
  onArguments(args: Readonly<Record<string, unknown>>): void;
  onResult(result: ToolResult): void;
  onCancelled(): void;
}

export interface Host {
  /** Calls a tool of the server; undefined where the host does not allow that. */
  readonly callTool: ((name: string, args: object) => Promise<ToolResult>) | undefined;
}

type RpcMessage = Readonly<Record<string, unknown>>;
interface Waiting {
  readonly resolve: (result: RpcMessage) => void;
  readonly reject: (error: Error) => void;
}

export const isObject = (value: unknown): value is RpcMessage =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const at = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined);

/** Initializes the conversation, and follows the host's theme from then on. */
export async function meetHost(handlers: Handlers): Promise<Host> {
  const waiting = new Map<unknown, Waiting>();
  let last = 0;
  const post = (message: object) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const request = (method: string, params: object) =>
    new Promise<RpcMessage>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      post({ id: last, method, params });
    });

  addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
    // Other frames can post messages here too; only the host's count.
    if (source !== parent || !isObject(data) || data.jsonrpc !== "2.0") return;
    if (typeof data.method === "string") {
      hear(data.method, data.params);
      if (data.id !== undefined) post({ id: data.id, ...answerTo(data.method) });
      return;
    }
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (isObject(data.result)) asked?.resolve(data.result);
    else asked?.reject(new Error(String(at(data.error, "message") ?? "The host gave no answer.")));
  });

  function hear(method: string, params: unknown): void {
    if (method === "ui/notifications/tool-input") {
      const args = at(params, "arguments");
      if (isObject(args)) handlers.onArguments(args);
    } else if (method === "ui/notifications/tool-result") {
      if (isObject(params)) handlers.onResult(params);
    } else if (method === "ui/notifications/tool-cancelled") handlers.onCancelled();
    else if (method === "ui/notifications/host-context-changed") applyTheme(params);
  }

  const greeting = await request("ui/initialize", {
    appInfo: { name: "weather-forecast", version: "1.0.0" },
    appCapabilities: { availableDisplayModes: ["inline"] },
    protocolVersion: "2026-01-26",
  });
  applyTheme(greeting.hostContext);
  post({ method: "ui/notifications/initialized", params: {} });
  const tellSize = () => {
    const { width, height } = document.documentElement.getBoundingClientRect();
    post({ method: "ui/notifications/size-changed", params: { width: Math.ceil(width), height: Math.ceil(height) } });
  };
  new ResizeObserver(tellSize).observe(document.documentElement);
  const maySend = isObject(at(greeting.hostCapabilities, "serverTools"));
  return { callTool: maySend ? (name, args) => request("tools/call", { name, arguments: args }) : undefined };
}

const answerTo = (method: string): object =>
  method === "ping" || method === "ui/resource-teardown"
    ? { result: {} }
    : { error: { code: -32601, message: "Method not found" } };

/** Light or dark, and the host's own colours and fonts. Values that it does not give stay unchanged. */
function applyTheme(context: unknown): void {
  const { style } = document.documentElement;
  const theme = at(context, "theme");
  if (theme === "light" || theme === "dark") style.colorScheme = theme;
  const variables = at(at(context, "styles"), "variables");
  for (const [name, value] of Object.entries(isObject(variables) ? variables : {})) {
    if (name.startsWith("--") && typeof value === "string") style.setProperty(name, value);
  }
}
