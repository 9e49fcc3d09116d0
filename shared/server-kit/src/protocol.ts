import { McpServer, type McpServerFactory, type ServerContext } from "@modelcontextprotocol/server";
import type { Calls, Kind } from "./calls.ts";
import { failureResult, invalidParams, quote, ToolError, toFailure, toProtocolError } from "./errors.ts";
import { type Identity, infoOf } from "./identity.ts";
import { once } from "./lazy.ts";
import { type Log, traceOf } from "./log.ts";
import type { Settings } from "./options.ts";
import type { Find, Prompt, Resource } from "./resource.ts";
import { completer, isTemplate, listPrompt, listResource, resourceLister } from "./resource.ts";
import type { HostRoots } from "./roots.ts";
import { weigh } from "./schema.ts";
import { createUpdates, type Subscriptions, type Updates } from "./subscriptions.ts";
import { type Awaitable, type Call, listTool, MAX_MEDIA, type Tool } from "./tool.ts";

/** Everything that the protocol serves, made once per process. */
export interface Served<C> {
  readonly identity: Identity;
  /** The result of `open`. Calls begin only once it has resolved. */
  readonly context: Promise<C>;
  readonly tools: () => Promise<ReadonlyMap<string, Tool<C>>>;
  readonly resources: readonly Resource<C>[];
  readonly prompts: readonly Prompt<C>[];
  readonly find: Find<C>;
  readonly calls: Calls;
  readonly subscriptions: Subscriptions | undefined;
  readonly roots: HostRoots | undefined;
  readonly settings: Settings;
  readonly log: Log;
}

/** Every client may cache what the options fix for the life of a process. In milliseconds. */
const STABLE = { ttlMs: 300_000, cacheScope: "public" } as const;
const FIXED = ["tools/list", "prompts/list", "resources/templates/list", "server/discover"];
const cacheHints = Object.fromEntries(FIXED.map((method) => [method, STABLE]));

type On = McpServer["server"]["setRequestHandler"];

/** Bytes that a picture or a file takes, with all its copies, until it is written and garbage-collected (measured). */
const MEDIA_ROOM = 9 * MAX_MEDIA;

/**
 * Answers the protocol's requests. The SDK's own registration is not used: it reports invalid arguments in its own
 * words, does not paginate, and converts every schema again for each HTTP request.
 */
export function createFactory<C>(served: Served<C>): McpServerFactory {
  const { resources, prompts, subscriptions, find, identity } = served;
  const info = infoOf(identity);
  const onTools = toolHandlers(served);
  const onResources = resourceHandlers(served, find);
  const onPrompts = promptHandlers(served);
  const complete = completer(resources, prompts);

  return ({ era, requestInfo }) => {
    // A 2025 host over stateless HTTP has no stream on which an update could reach it.
    const subscribe = subscriptions !== undefined && !(era === "legacy" && requestInfo);
    const capabilities = {
      tools: { listChanged: false },
      ...(resources.length > 0 && { resources: { listChanged: false, subscribe } }),
      ...(prompts.length > 0 && { prompts: { listChanged: false } }),
      ...(complete && { completions: {} }),
    };
    const mcp = new McpServer(info, { instructions: identity.instructions, capabilities, cacheHints });
    const on: On = mcp.server.setRequestHandler.bind(mcp.server);
    onTools(on);
    if (resources.length > 0) onResources(on);
    if (prompts.length > 0) onPrompts(on);
    if (complete) on("completion/complete", ({ params }, ctx) => runPlain(served, ctx, 0, complete(params)));
    if (era === "legacy" && !requestInfo) served.roots?.follow(mcp);
    // Over HTTP, the handler's own notifier reaches the subscribers; an instance that serves one request cannot.
    if (subscribe && !requestInfo) updateHandlers(served, mcp, era, createUpdates(subscriptions, mcp.server, era));
    return mcp;
  };
}

type Paged = { readonly cursor?: string | undefined } | undefined;
type Work<T, C> = (context: C, call: Call) => Promise<T>;

/** Runs a handler as one of the process's calls. */
function run<T, C>(served: Served<C>, { mcpReq }: ServerContext, kind: Kind, work: Work<T, C>): Promise<T> {
  const { calls, context, log, settings, roots } = served;
  return calls.run(mcpReq.signal, kind, async (turn) => {
    // A call that arrives while the host's roots are being read is meant for the new roots.
    if (roots?.pending) await roots.pending;
    return work(await context, {
      get signal() {
        return turn.signal;
      },
      log,
      maxOutput: settings.maxOutput,
      async progress(progress, total, message) {
        const progressToken = mcpReq._meta?.progressToken;
        // No progress is reported after the answer.
        if (progressToken === undefined || turn.over || mcpReq.signal.aborted) return;
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total, message } });
      },
    });
  });
}

/** The same for everything except tool calls; a failure becomes a protocol error. */
function runPlain<T, C>(served: Served<C>, ctx: ServerContext, room: number, work: Work<T, C>) {
  return run(served, ctx, { write: false, room }, work).catch((error: unknown) => {
    throw toProtocolError(error, served.log);
  });
}

function toolHandlers<C>(served: Served<C>) {
  const { tools, log } = served;
  const list = once(async () => [...(await tools()).values()].map(listTool));
  return (on: On) => {
    on("tools/list", ({ params }, ctx) => onePage(served, ctx, params, async () => ({ tools: await list() })));
    on("tools/call", async ({ params }, ctx) => {
      const offered = await tools();
      const tool = offered.get(params.name);
      if (!tool) {
        const name = quote(params.name).slice(1, -1);
        throw invalidParams(`Unknown tool: ${name}. There are ${[...offered.keys()].join(", ")}.`);
      }
      const started = performance.now();
      const kind = { write: !tool.annotations.readOnlyHint, room: tool.media ? MEDIA_ROOM : 0 };
      const answer = run(served, ctx, kind, (context, call) => tool.call(params.arguments, context, call));
      const { result, size, outcome } = await answer.then(
        (answered) => ({ ...answered, outcome: "ok" }),
        (error) => {
          const failure = toFailure(error, log);
          return { result: failureResult(failure), size: failure.message.length, outcome: failure.facts.code };
        },
      );
      if (log.enabled("info")) {
        const ms = Math.round((performance.now() - started) * 10) / 10;
        const sizes = { in: weigh(params.arguments ?? ""), out: size };
        log.info("call", { tool: tool.name, ms, outcome, ...sizes, trace: traceOf(ctx.mcpReq._meta?.traceparent) });
      }
      return result;
    });
  };
}

function resourceHandlers<C>(served: Served<C>, find: Find<C>) {
  const { resources } = served;
  const templates = resources.filter(isTemplate).map(listResource);
  const listed = () => ({ resourceTemplates: templates.map(({ uri, ...rest }) => ({ uriTemplate: uri, ...rest })) });
  const list = resourceLister(resources);
  return (on: On) => {
    on("resources/list", ({ params }, ctx) => runPlain(served, ctx, 0, list(params?.cursor)));
    on("resources/templates/list", ({ params }, ctx) => onePage(served, ctx, params, listed));
    on("resources/read", ({ params: { uri } }, ctx) =>
      runPlain(served, ctx, MEDIA_ROOM, async (context, call) => {
        const { resource, variables } = find(uri) ?? {};
        const body = resource && (await resource.read(variables ?? {}, context, call));
        if (!body) throw notFound(uri);
        const size = "text" in body ? body.text.length : body.blob.length;
        if (size > MAX_MEDIA) throw new ToolError("too_large", `the resource has more than ${MAX_MEDIA} characters.`);
        const { cache, ...content } = body;
        const shown = { uri, mimeType: resource.mimeType, ...content, ...(resource.meta && { _meta: resource.meta }) };
        return { contents: [shown], ...(ctx.mcpReq.envelope && cache) };
      }),
    );
  };
}

function promptHandlers<C>(served: Served<C>) {
  const { prompts } = served;
  const list = once(() => prompts.map(listPrompt));
  return (on: On) => {
    on("prompts/list", ({ params }, ctx) => onePage(served, ctx, params, () => ({ prompts: list() })));
    on("prompts/get", ({ params }, ctx) =>
      runPlain(served, ctx, 0, async (context, call) => {
        const prompt = prompts.find(({ name }) => name === params.name);
        if (!prompt) throw invalidParams(`Unknown prompt ${quote(params.name)}.`);
        const text = await prompt.get(params.arguments, context, call);
        return { description: prompt.description, messages: [{ role: "user", content: { type: "text", text } }] };
      }),
    );
  };
}

/** A 2026 client subscribes by `subscriptions/listen`, which the SDK answers. */
function updateHandlers<C>(served: Served<C>, { server }: McpServer, era: string, updates: Updates): void {
  if (era === "modern") return;
  server.setRequestHandler("resources/subscribe", ({ params: { uri } }, ctx) =>
    runPlain(served, ctx, 0, async () => {
      if (!served.find(uri)) throw notFound(uri);
      updates.subscribe(uri);
      return {};
    }),
  );
  server.setRequestHandler("resources/unsubscribe", ({ params: { uri } }) => {
    updates.unsubscribe(uri);
    return {};
  });
}

/** A list that the options fix. Until the server is open, it waits as calls do, since `open` may fail. */
async function onePage<T, C>(served: Served<C>, ctx: ServerContext, params: Paged, list: () => Awaitable<T>) {
  if (params?.cursor !== undefined) throw invalidCursor();
  return served.calls.isOpen() ? list() : runPlain(served, ctx, 0, async () => list());
}

const invalidCursor = () => invalidParams("Invalid cursor: pass nextCursor from the previous page, unchanged.");
const notFound = (uri: string) => invalidParams(`Resource not found: ${quote(uri, 200)}`, { uri: uri.slice(0, 1000) });
