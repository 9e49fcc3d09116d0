import type { McpServerFactory } from "@modelcontextprotocol/server";
import { type Calls, createCalls } from "./calls.ts";
import { usageError } from "./command-line.ts";
import type { Identity } from "./identity.ts";
import { once } from "./lazy.ts";
import type { Log } from "./log.ts";
import { COMMON, defaults, type Options, type OptionTable, optionRows, type Settings } from "./options.ts";
import { createFactory } from "./protocol.ts";
import { finder, listPrompt, listResource, type Prompt, type Resource } from "./resource.ts";
import { createHostRoots, type TakeRoots } from "./roots.ts";
import { createSubscriptions, type Release, type Subscriptions } from "./subscriptions.ts";
import { type Awaitable, type ListedTool, listTool, type Tool } from "./tool.ts";

type Opening = Pick<Settings, "maxOutput" | "readOnly" | "http" | "timeout"> & { readonly log: Log };
/** Defines a server: its options, its state, and what it offers. */
export interface ServerDefinition<T extends OptionTable, C> extends Identity {
  readonly options: T;
  /** Makes what handlers share, once per process, after the host is greeted. Calls that need heavy work await it. */
  open(options: Options<T>, kit: Opening): Awaitable<C>;
  close?(context: C): Awaitable<void>;
  /** A list, or a function that loads it so that start-up need not wait: `() => import("./tools.ts")…`. */
  readonly tools: readonly Tool<C>[] | ((options: Options<T>) => Awaitable<readonly Tool<C>[]>);
  /** Whether any tool writes, so that `--read-only` is offered. Required when `tools` is a function. */
  readonly writes?: boolean;
  readonly resources?: readonly Resource<C>[];
  readonly prompts?: readonly Prompt<C>[];
  /** Watches one resource while somebody subscribes to it: calls `changed` until the returned function is called. */
  watch?(uri: string, context: C, changed: () => void): Release;
  /**
   * Returns what receives the roots of a 2025 host over stdio, as `file:` URIs, at first and after each change. Calls
   * wait for it. Return undefined to ignore the host's roots.
   */
  roots?(context: C): TakeRoots | undefined;
}

/** What a server offers, for documentation and registries. */
export interface ServerDescription extends Identity {
  readonly tools: readonly ListedTool[];
  readonly resources: ReturnType<typeof listResource>[];
  readonly prompts: ReturnType<typeof listPrompt>[];
  readonly options: ReturnType<typeof optionRows>;
}

/** A server that answers `initialize` at once, and all else when its state is open. */
export interface Running {
  readonly identity: Identity;
  /** Rejects with the error of `open`. */
  readonly opened: Promise<unknown>;
  /** Hands out what was computed once; called for each connection and each HTTP request. */
  readonly factory: McpServerFactory;
  readonly calls: Calls;
  readonly subscriptions: Subscriptions | undefined;
  /** Closes the state, once it is open. */
  close(): Promise<void>;
}

/** A definition with its types closed over. */
export interface Server extends Identity {
  /** Its own options, and the common ones that apply to it. */
  readonly options: OptionTable;
  describe(): Promise<ServerDescription>;
  /** Opens its state, once `before` is done. `settings` are the values of {@link options}, checked. */
  open(settings: Settings, log: Log, before?: Promise<void>): Running;
}

/** Starts nothing, so that a definition can be imported just for its description. */
export function defineServer<const T extends OptionTable, C>(definition: ServerDefinition<T, C>): Server {
  const { name, version, title, instructions, package: facts, resources = [], prompts = [], watch } = definition;
  const identity: Identity = { name, version, title, instructions, ...(facts && { package: facts }) };
  const toolsFor = async (values: object) => {
    // The only casts are here and in `open`: each value was checked against the table that gives the type.
    const { tools } = definition;
    const list = typeof tools === "function" ? await tools(values as Options<T>) : tools;
    if (list.some(isWriting) !== writes)
      throw new Error(`${name}: \`writes\` must say whether one of its tools writes.`);
    return list;
  };
  const writes = definition.writes ?? (typeof definition.tools !== "function" && definition.tools.some(isWriting));
  const taken = Object.keys(definition.options).find((key) => key in COMMON);
  if (taken !== undefined)
    throw new Error(`${name}: every server has the option ${taken}; choose another name for yours.`);
  const { readOnly, ...common } = COMMON;
  const options: OptionTable = { ...definition.options, ...(writes && { readOnly }), ...common };
  return {
    ...identity,
    options,
    describe: async () => ({
      ...identity,
      tools: (await toolsFor(defaults(definition.options))).map(listTool),
      resources: resources.map(listResource),
      prompts: prompts.map(listPrompt),
      options: optionRows(name, options),
    }),
    open(settings, log, before) {
      const tools = once(async () => chooseTools(await toolsFor(settings), settings));
      let state: { readonly context: C } | undefined;
      const opened = (async () => {
        await before;
        // A wrong name is an error in the command line. Without names, the first request for tools loads them.
        if (settings.tools.length > 0) await tools();
        state = { context: await definition.open(settings as object as Options<T>, { ...settings, log }) };
        return state.context;
      })();
      const calls = createCalls(settings.timeout, settings.concurrency, opened);
      const find = finder(resources);
      const watchOurs = (uri: string, changed: () => void): Release => {
        // A 2026 client may listen to any string, but only a URI of ours reaches the server's own code.
        if (!watch || !find(uri)) return () => undefined;
        if (state) return watch(uri, state.context, changed);
        // The SDK has already accepted it: over stdio, a client may listen before the state is open.
        const begun = opened.then((context) => watch(uri, context, changed));
        begun.catch((error: unknown) => log.warn("not watched", { reason: String(error) }));
        return () => void begun.then((release) => release()).catch(() => undefined);
      };
      const subscriptions = watch && createSubscriptions(watchOurs);
      const roots = definition.roots && createHostRoots(opened.then(definition.roots), settings.timeout, log);
      const offered = { tools, resources, prompts, find, roots };
      const factory = createFactory({ identity, ...offered, context: opened, calls, subscriptions, settings, log });
      return { identity, opened, factory, calls, subscriptions, close: async () => definition.close?.(await opened) };
    },
  };
}

const isWriting = <C>({ annotations }: Tool<C>) => !annotations.readOnlyHint;

/** The tools that `--read-only` and `--tools` leave. */
function chooseTools<C>(tools: readonly Tool<C>[], { readOnly, tools: chosen }: Settings): Map<string, Tool<C>> {
  const named = new Map(tools.map((tool) => [tool.name, tool]));
  for (const name of chosen) {
    if (!named.has(name))
      throw usageError(`--tools: no tool is named "${name}". There are ${[...named.keys()].join(", ")}.`);
  }
  for (const { name, annotations } of tools) {
    if ((chosen.length > 0 && !chosen.includes(name)) || (readOnly && !annotations.readOnlyHint)) named.delete(name);
  }
  if (named.size === 0 && chosen.length > 0) {
    throw usageError(`--tools with --read-only leaves no tool: ${chosen.join(", ")} can write.`);
  }
  return named;
}
