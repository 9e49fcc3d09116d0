import type { McpServerFactory } from "@modelcontextprotocol/server";
import { type Calls, createCalls } from "./calls.ts";
import type { Log } from "./log.ts";
import {
  COMMON,
  defaults,
  type OptionRow,
  type Options,
  type OptionTable,
  optionRows,
  type Settings,
  UsageError,
} from "./options.ts";
import { createFactory } from "./protocol.ts";
import {
  createSubscriptions,
  type ListedPrompt,
  listPrompt,
  type Prompt,
  type Release,
  type Resource,
  type Subscriptions,
} from "./resource.ts";
import { type Awaitable, type ListedTool, listTool, type Tool } from "./tool.ts";

/** Everything that makes a server: what it takes, what it opens, what it offers. */
export interface ServerDefinition<T extends OptionTable, C> {
  /** The command's name: `server-notes`. */
  readonly name: string;
  readonly version: string;
  readonly title: string;
  /** What a model should know before its first call. */
  readonly instructions: string;
  readonly options: T;
  /** Makes what handlers use, once per process. Cheap: heavy work is awaited by the call that needs it. */
  open(options: Options<T>, kit: { readonly log: Log; readonly maxOutput: number }): Awaitable<C>;
  close?(context: C): Awaitable<void>;
  readonly tools: readonly Tool<C>[] | ((options: Options<T>) => readonly Tool<C>[]);
  readonly resources?: readonly Resource<C>[];
  readonly prompts?: readonly Prompt<C>[];
  /** Watches one resource while somebody subscribes to it: calls `changed` until the returned function is called. */
  watch?(uri: string, context: C, changed: () => void): Release;
}

/** What a server offers, for documentation and registries. */
export interface ServerDescription {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly instructions: string;
  readonly tools: readonly ListedTool[];
  readonly resources: readonly Pick<Resource<never>, "name" | "uri" | "title" | "description" | "mimeType">[];
  readonly prompts: readonly ListedPrompt[];
  readonly options: readonly OptionRow[];
}

/** A server whose state is open. */
export interface Running {
  /** Hands out what was computed once; called for each connection and each HTTP request. */
  readonly factory: McpServerFactory;
  readonly calls: Calls;
  readonly subscriptions: Subscriptions | undefined;
  close(): Promise<void>;
}

/** A definition with its types closed over. */
export interface Server {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  /** Its own options, and the common ones that it has a use for. */
  readonly options: OptionTable;
  describe(): ServerDescription;
  /** Opens its state. `values` are those of {@link options}, checked. */
  open(values: Settings, log: Log): Promise<Running>;
}

/** Starts nothing: a definition may be imported for its description alone. */
export function defineServer<const T extends OptionTable, C>(definition: ServerDefinition<T, C>): Server {
  const { name, version, title, instructions, resources = [], prompts = [] } = definition;
  const identity = { name, version, title };
  const toolsFor = (values: object) => {
    if (typeof definition.tools !== "function") return definition.tools;
    // The one cast, here and in `open`: options.ts has checked each value against the table that gives the type.
    return definition.tools(values as Options<T>);
  };
  const all = toolsFor(defaults(definition.options));
  const { readOnly, ...common } = COMMON;
  const writes = all.some(({ annotations }) => !annotations.readOnlyHint);
  const options: OptionTable = { ...definition.options, ...(writes && { readOnly }), ...common };
  return {
    name,
    version,
    title,
    options,
    describe: () => ({
      ...identity,
      instructions,
      tools: all.map(listTool),
      resources: resources.map(({ name, uri, title, description, mimeType }) => ({
        name,
        uri,
        title,
        description,
        mimeType,
      })),
      prompts: prompts.map(listPrompt),
      options: optionRows(name, options),
    }),
    async open(settings, log) {
      const tools = chooseTools(toolsFor(settings), settings);
      const context = await definition.open(settings as object as Options<T>, { log, maxOutput: settings.maxOutput });
      const { watch } = definition;
      const calls = createCalls(settings.timeout, settings.concurrency);
      const subscriptions = watch && createSubscriptions((uri, changed) => watch(uri, context, changed));
      const served = {
        identity,
        instructions,
        context,
        tools,
        resources,
        prompts,
        calls,
        subscriptions,
        settings,
        log,
      };
      return {
        factory: createFactory(served),
        calls,
        subscriptions,
        async close() {
          await definition.close?.(context);
        },
      };
    },
  };
}

/** The tools that `--read-only` and `--tools` leave. */
function chooseTools<C>(tools: readonly Tool<C>[], { readOnly, tools: chosen }: Settings): Map<string, Tool<C>> {
  const names = tools.map(({ name }) => name);
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--tools: there is no tool "${unknown}". There are ${names.join(", ")}.`);
  const left = tools.filter(
    ({ name, annotations }) =>
      (chosen.length === 0 || chosen.includes(name)) && !(readOnly && !annotations.readOnlyHint),
  );
  return new Map(left.map((tool) => [tool.name, tool]));
}
