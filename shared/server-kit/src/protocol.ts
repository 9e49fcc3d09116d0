import {
  McpServer,
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Calls } from "./calls.ts";
import { failureResult, quote, toFailure } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./options.ts";
import { listPrompt, matcher, type Prompt, type Release, type Resource, type Subscriptions } from "./resource.ts";
import { type Call, listTool, resultSize, type Tool } from "./tool.ts";

/** What handlers share, and what the protocol shows of it: made once per process. */
export interface Served<C> {
  readonly identity: { readonly name: string; readonly version: string; readonly title: string };
  readonly instructions: string;
  readonly context: C;
  readonly tools: ReadonlyMap<string, Tool<C>>;
  readonly resources: readonly Resource<C>[];
  readonly prompts: readonly Prompt<C>[];
  readonly calls: Calls;
  readonly subscriptions: Subscriptions | undefined;
  readonly settings: Settings;
  readonly log: Log;
}

/** What an options table fixes for the life of a process may be kept by every client. */
const STABLE = { ttlMs: 3_600_000, cacheScope: "public" } as const;
const CACHE_HINTS = {
  "tools/list": STABLE,
  "prompts/list": STABLE,
  "resources/templates/list": STABLE,
  "server/discover": STABLE,
};

/**
 * Answers the protocol's requests. The SDK's own registration is not used: it validates arguments in its own
 * words, lists without pages, and converts every schema again for each HTTP request.
 */
export function createFactory<C>(served: Served<C>): McpServerFactory {
  const { identity, instructions, context, tools, resources, prompts, calls, subscriptions, log } = served;
  const toolList = once(() => [...tools.values()].map(listTool));
  const promptList = once(() => prompts.map(listPrompt));
  const matchers = once(() => resources.map((resource) => ({ resource, match: matcher(resource.uri) })));
  const templates = resources.filter(isTemplate);
  const listResources = resourceLister(resources, context);
  const completes = [...templates, ...prompts].some(({ complete }) => complete !== undefined);

  /** Runs a handler as one of the process's calls. */
  const run = <T>(ctx: ServerContext, write: boolean, work: (call: Call) => Promise<T>) =>
    calls.run(ctx.mcpReq.signal, write, (signal) => work(createCall(ctx, signal, served)));

  /** The same for what is no tool call: there, a failure is a protocol error. */
  const runPlain = <T>(ctx: ServerContext, work: (call: Call) => Promise<T>) =>
    run(ctx, false, work).catch((error: unknown) => {
      if (error instanceof ProtocolError) throw error;
      const { message, ...facts } = toFailure(error, log);
      const invalid = facts.code === "invalid_input" || facts.code === "not_found";
      const code = invalid ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
      throw new ProtocolError(code, `${facts.code}: ${message}`, facts);
    });

  const findResource = (uri: string) => {
    for (const { resource, match } of matchers()) {
      const variables = match(uri);
      if (variables) return { resource, variables };
    }
    throw notFound(uri);
  };

  return ({ era, requestInfo }) => {
    // A 2025 host over stateless HTTP has no stream on which an update could reach it.
    const subscribable = subscriptions !== undefined && !(era === "legacy" && requestInfo);
    const listChanged = false;
    const capabilities = {
      tools: { listChanged },
      ...(resources.length > 0 && { resources: { listChanged, subscribe: subscribable } }),
      ...(prompts.length > 0 && { prompts: { listChanged } }),
      ...(completes && { completions: {} }),
    };
    const mcp = new McpServer(identity, { instructions, capabilities, cacheHints: CACHE_HINTS });
    const on: typeof mcp.server.setRequestHandler = mcp.server.setRequestHandler.bind(mcp.server);

    on("tools/list", ({ params }) => {
      onlyPage(params?.cursor);
      return { tools: toolList() };
    });

    on("tools/call", async ({ params }, ctx) => {
      const tool = tools.get(params.name);
      if (!tool) throw invalid(`Unknown tool ${quote(params.name)}. There are: ${[...tools.keys()].join(", ")}.`);
      const started = performance.now();
      let outcome = "ok";
      const write = !tool.annotations.readOnlyHint;
      const result = await run(ctx, write, (call) => tool.call(params.arguments, context, call)).catch((error) => {
        const failure = toFailure(error, log);
        outcome = failure.code;
        return failureResult(failure);
      });
      if (log.enabled("info")) {
        const ms = Math.round((performance.now() - started) * 10) / 10;
        const sizes = { in: JSON.stringify(params.arguments ?? {}).length, out: resultSize(result) };
        log.info("call", { tool: tool.name, ms, outcome, ...sizes, trace: traceOf(ctx) });
      }
      return result;
    });

    if (resources.length > 0) {
      on("resources/list", ({ params }, ctx) => runPlain(ctx, () => listResources(params?.cursor)));
      on("resources/templates/list", ({ params }) => {
        onlyPage(params?.cursor);
        return { resourceTemplates: templates.map(({ uri, ...rest }) => ({ uriTemplate: uri, ...described(rest) })) };
      });
      on("resources/read", ({ params: { uri } }, ctx) =>
        runPlain(ctx, async (call) => {
          const { resource, variables } = findResource(uri);
          const body = await resource.read(variables, context, call);
          if (!body) throw notFound(uri);
          return { contents: [{ uri, mimeType: resource.mimeType, ...body }] };
        }),
      );
    }

    if (prompts.length > 0) {
      on("prompts/list", ({ params }) => {
        onlyPage(params?.cursor);
        return { prompts: promptList() };
      });
      on("prompts/get", ({ params }, ctx) =>
        runPlain(ctx, async (call) => {
          const prompt = prompts.find(({ name }) => name === params.name);
          if (!prompt) throw invalid(`Unknown prompt ${quote(params.name)}.`);
          const text = await prompt.get(params.arguments, context, call);
          const message = { role: "user" as const, content: { type: "text" as const, text } };
          return { description: prompt.description, messages: [message] };
        }),
      );
    }

    if (completes) {
      on("completion/complete", ({ params: { ref, argument } }, ctx) =>
        runPlain(ctx, async () => {
          const target =
            ref.type === "ref/prompt"
              ? prompts.find(({ name }) => name === ref.name)
              : resources.find(({ uri }) => uri === ref.uri);
          if (!target) throw invalid("Unknown reference: name a prompt, or a resource template as it is listed.");
          const { complete = {} } = target;
          const completer = Object.hasOwn(complete, argument.name) ? complete[argument.name] : undefined;
          const values = (await completer?.(argument.value, context)) ?? [];
          return { completion: { values: values.slice(0, 100), total: values.length, hasMore: values.length > 100 } };
        }),
      );
    }

    // Over HTTP the handler's own notifier reaches the subscribers; an instance of one request reaches nobody.
    if (subscriptions && subscribable && !requestInfo) {
      const held = new Map<string, Release>();
      const stop = subscriptions.onChange((uri) => {
        // A 2026 connection's stream is filtered by the SDK, which keeps its subscriptions.
        if (era === "modern" || held.has(uri)) mcp.server.sendResourceUpdated({ uri }).catch(() => undefined);
      });
      mcp.server.onclose = () => {
        stop();
        for (const release of held.values()) release();
        held.clear();
      };
      if (era === "legacy") {
        on("resources/subscribe", ({ params: { uri } }) => {
          findResource(uri);
          if (!held.has(uri)) held.set(uri, subscriptions.subscribe([uri]));
          return {};
        });
        on("resources/unsubscribe", ({ params: { uri } }) => {
          held.get(uri)?.();
          held.delete(uri);
          return {};
        });
      }
    }
    return mcp;
  };
}

function createCall<C>({ mcpReq }: ServerContext, signal: () => AbortSignal, { log, settings }: Served<C>): Call {
  return {
    get signal() {
      return signal();
    },
    log,
    maxOutput: settings.maxOutput,
    async progress(progress, total, message) {
      const progressToken = mcpReq._meta?.progressToken;
      if (progressToken === undefined || mcpReq.signal.aborted) return;
      await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total, message } });
    },
  };
}

const isTemplate = <C>({ uri }: Resource<C>) => uri.includes("{");

const described = <C>({ name, title, description, mimeType }: Omit<Resource<C>, "uri">) => ({
  name,
  title,
  description,
  mimeType,
});

/** Fixed resources come first, then the members of each template, page by page. */
function resourceLister<C>(resources: readonly Resource<C>[], context: C) {
  const fixed = resources
    .filter((resource) => !isTemplate(resource))
    .map(({ uri, ...rest }) => ({ uri, ...described(rest) }));
  const listers = resources.flatMap(({ list, mimeType }) => (list ? [{ list, mimeType }] : []));
  return async (cursor: string | undefined) => {
    const { at, inner } = cursor === undefined ? { at: 0 } : fromCursor(cursor);
    const lister = listers[at];
    if (!lister && cursor !== undefined) throw invalidCursor();
    const page = await lister?.list(inner, context);
    const members = (page?.items ?? []).map((item) => ({ mimeType: lister?.mimeType, ...item }));
    const nextCursor =
      page?.next !== undefined ? toCursor(at, page.next) : at + 1 < listers.length ? toCursor(at + 1) : undefined;
    return {
      resources: [...(cursor === undefined ? fixed : []), ...members],
      ...(nextCursor !== undefined && { nextCursor }),
    };
  };
}

const toCursor = (at: number, inner = "") => Buffer.from(`${at} ${inner}`).toString("base64url");

function fromCursor(cursor: string): { at: number; inner?: string } {
  const [, at, inner] = /^(\d{1,4}) (.*)$/s.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (at === undefined || (at === "0" && !inner)) throw invalidCursor();
  return inner ? { at: Number(at), inner } : { at: Number(at) };
}

function onlyPage(cursor: string | undefined): void {
  if (cursor !== undefined) throw invalidCursor();
}

const invalid = (message: string, data?: unknown) => new ProtocolError(ProtocolErrorCode.InvalidParams, message, data);
const invalidCursor = () => invalid("Invalid cursor: pass nextCursor of the page before, unchanged.");
const notFound = (uri: string) => invalid(`Resource not found: ${quote(uri, 200)}`, { uri: uri.slice(0, 1000) });

/** The trace that a caller's W3C `traceparent` names, so that its spans and our lines can be joined. */
function traceOf({ mcpReq }: ServerContext): string | undefined {
  const parent = mcpReq._meta?.traceparent;
  return typeof parent === "string" && /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(parent)
    ? parent
    : undefined;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
