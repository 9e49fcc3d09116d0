import type { CompleteRequest } from "@modelcontextprotocol/server";
import * as z from "zod";
import { fromCursor, ToolError, toCursor } from "./errors.ts";
import { parse } from "./schema.ts";
import type { Awaitable, Call } from "./tool.ts";

/** The names in `{var}` and `{+var}` of a URI template. */
type Variables<U extends string> = U extends `${string}{${infer V}}${infer Rest}`
  ? (V extends `+${infer N}` ? N : V) | Variables<Rest>
  : never;

/** Returns values that begin with the typed text, best first. The kit sends the first 100. */
type Complete<K extends string, C> = {
  readonly [P in K]?: (prefix: string, context: C) => Awaitable<readonly string[]>;
};

/** How long a client may cache the content, in milliseconds, and whether a proxy may share it between users. */
export interface Cache {
  readonly ttlMs: number;
  readonly cacheScope: "public" | "private";
}

/** A resource's content: text, or bytes in base64. `mimeType` is needed only if it differs from the definition's. */
export type Body = ({ readonly text: string } | { readonly blob: string }) & {
  readonly mimeType?: string;
  readonly cache?: Cache;
};

/** A page of a listing; `next` is the cursor for the next page. */
export interface Page {
  readonly items: readonly { readonly uri: string; readonly name: string; readonly mimeType?: string }[];
  readonly next?: string;
}

/** A resource, or a family of them when `uri` is a template. */
export interface Resource<C> {
  readonly name: string;
  readonly uri: string;
  readonly title: string;
  readonly description?: string;
  readonly mimeType: string;
  /** Its `_meta`: for a view (MCP Apps), `{ ui: { csp, prefersBorder, … } }`. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly complete?: Complete<string, C>;
  /** Lists the members of a template, page by page. */
  readonly list?: (cursor: string | undefined, context: C) => Promise<Page>;
  readonly read: (variables: Record<string, string>, context: C, call: Call) => Awaitable<Body | undefined>;
}

/**
 * Describes a resource. A URI may have variables: `{id}` stands for one path segment, `{+path}` for any
 * number; `read` gets them percent-decoded and returns `undefined` when there is no such resource.
 */
export function defineResource<const U extends string, C = unknown>(
  resource: Omit<Resource<C>, "uri" | "complete" | "read"> & {
    readonly uri: U;
    readonly complete?: Complete<Variables<U>, C>;
    read(variables: Record<Variables<U>, string>, context: C, call: Call): Awaitable<Body | undefined>;
  },
): Resource<C> {
  return resource;
}

/**
 * Makes a template's matcher: it returns the variables of a URI, percent-decoded, or `undefined` if the URI does not
 * match or an escape is not UTF-8.
 */
export function matcher(template: string): (uri: string) => Record<string, string> | undefined {
  const names: string[] = [];
  const source = template.split(/(\{\+?\w+\})/).map((part) => {
    const variable = /^\{(\+?)(\w+)\}$/.exec(part);
    if (!variable?.[2]) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(variable[2]);
    return variable[1] ? "(.+)" : "([^/?#]+)";
  });
  const pattern = new RegExp(`^${source.join("")}$`, "s");
  return (uri) => {
    const found = pattern.exec(uri);
    if (!found) return undefined;
    try {
      return Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? "")]));
    } catch {
      return undefined;
    }
  };
}

/** Finds the resource that a URI belongs to, and the URI's variables. */
export type Find<C> = (uri: string) => { resource: Resource<C>; variables: Record<string, string> } | undefined;

export function finder<C>(resources: readonly Resource<C>[]): Find<C> {
  const matchers = resources.map((resource) => ({ resource, match: matcher(resource.uri) }));
  return (uri) => {
    for (const { resource, match } of matchers) {
      const variables = match(uri);
      if (variables) return { resource, variables };
    }
    return undefined;
  };
}

/** A resource as listed for hosts. */
export function listResource<C>({ name, uri, title, description, mimeType, meta }: Resource<C>) {
  const described = { name, uri, title, ...(description !== undefined && { description }), mimeType };
  return { ...described, ...(meta && { _meta: meta }) };
}

type Asked = { readonly name: string; readonly title: string; readonly description: string };

/** A prompt whose argument types are hidden. */
export interface Prompt<C> extends Asked {
  readonly args: z.ZodObject;
  readonly complete?: Complete<string, C>;
  readonly get: (raw: unknown, context: C, call: Call) => Promise<string>;
}

/** Describes a prompt: `run` returns what the user would say. Arguments are strings, as the protocol requires. */
export function definePrompt<A extends z.ZodObject, C = unknown>(
  prompt: Asked & {
    readonly args: A;
    readonly complete?: Complete<Extract<keyof z.output<A>, string>, C>;
    run(args: z.output<A>, context: C, call: Call): Awaitable<string>;
  },
): Prompt<C> {
  return { ...prompt, get: async (raw, context, call) => prompt.run(parse(prompt.args, raw), context, call) };
}

/** A prompt as listed for hosts. */
export function listPrompt<C>({ name, title, description, args }: Prompt<C>) {
  const { properties = {}, required = [] } = z.toJSONSchema(args, { io: "input" });
  const list = Object.entries(properties).map(([key, schema]) => {
    const words = typeof schema === "object" && schema.description ? { description: schema.description } : {};
    return { name: key, ...words, required: required.includes(key) };
  });
  return { name, title, description, arguments: list };
}

/** Answers `completion/complete`; undefined if nothing can be completed. */
export function completer<C>(resources: readonly Resource<C>[], prompts: readonly Prompt<C>[]) {
  if (![...resources, ...prompts].some(({ complete }) => complete !== undefined)) return undefined;
  return ({ ref, argument }: CompleteRequest["params"]) =>
    async (context: C) => {
      const prompt = ref.type === "ref/prompt" && prompts.find(({ name }) => name === ref.name);
      const target = prompt || (ref.type === "ref/resource" && resources.find(({ uri }) => uri === ref.uri));
      if (!target) throw new ToolError("not_found", "no prompt or resource template has this name.");
      const completers = new Map(Object.entries(target.complete ?? {}));
      const values = (await completers.get(argument.name)?.(argument.value, context)) ?? [];
      return { completion: { values: values.slice(0, 100), total: values.length, hasMore: values.length > 100 } };
    };
}

export const isTemplate = ({ uri }: { readonly uri: string }) => uri.includes("{");

const Place = z.tuple([z.int().nonnegative(), z.string().nullable()]);

/**
 * Lists a page of resources: first the fixed ones, then the members of each template, page by page.
 * @throws ToolError `invalid_input` for a cursor that it did not issue
 */
export function resourceLister<C>(resources: readonly Resource<C>[]) {
  const fixed = resources.map(listResource).filter((resource) => !isTemplate(resource));
  const listers = resources.flatMap(({ list, mimeType }) => (list ? [{ list, mimeType }] : []));
  const known = Place.refine(([at, inner]) => at < listers.length && (at > 0 || inner !== null));
  return (cursor: string | undefined) => async (context: C) => {
    const [at, inner] = fromCursor(cursor, known) ?? [0, null];
    const lister = listers[at];
    const page = await lister?.list(inner ?? undefined, context);
    const members = (page?.items ?? []).map((item) => ({ mimeType: lister?.mimeType, ...item }));
    const next = page?.next !== undefined ? [at, page.next] : at + 1 < listers.length ? [at + 1, null] : undefined;
    const shown = cursor === undefined ? [...fixed, ...members] : members;
    return { resources: shown, ...(next && { nextCursor: toCursor(next) }) };
  };
}
