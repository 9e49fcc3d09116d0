import { readFile } from "node:fs/promises";
import path from "node:path";
import type { OptionDescription, ServerDescription } from "../describe.ts";
import { Failure } from "../failure.ts";
import { isObject, type JsonObject, objectAt, stringAt } from "../json.ts";
import { parseObject } from "../manifest.ts";

/** The facts about a server for registries and hosts, from its package.json and its description. */
export interface Listing {
  /** Its name in hosts: `notes`. */
  readonly key: string;
  /** The npm package. */
  readonly package: string;
  readonly version: string;
  /** Its name in the MCP Registry. */
  readonly registryName: string;
  readonly title: string;
  readonly description: string;
  readonly homepage: string;
  readonly licence: string;
  /** The keywords that describe its subject. */
  readonly keywords: readonly string[];
  readonly icons: readonly Icon[];
  readonly repository: Repository;
  readonly options: readonly OptionDescription[];
  readonly tools: readonly { readonly name: string; readonly description: string }[];
  /** Whether it connects to other machines. */
  readonly network: boolean;
  readonly privacyPolicies: readonly string[];
}

export interface Icon {
  readonly src: string;
  readonly mimeType: string;
  readonly sizes: readonly string[];
}

export interface Repository {
  /** The root page of the repository. */
  readonly url: string;
  readonly source: "github" | "gitlab";
  readonly owner: string;
  readonly subfolder?: string;
}

/**
 * Reads the listing of the server in `folder`; undefined for a server that no registry lists, whose package.json lacks
 * `"server-build": { "listing": … }`.
 * @throws Failure that names what package.json lacks
 */
export async function readListing(folder: string, server: ServerDescription): Promise<Listing | undefined> {
  const json = parseObject(await readFile(path.join(folder, "package.json"), "utf8").catch(() => "{}")) ?? {};
  const table = objectAt(json, "server-build").listing;
  return isObject(table) ? toListing(json, table, server) : undefined;
}

/** @throws Failure that names what package.json lacks */
export function toListing(json: JsonObject, table: JsonObject, server: ServerDescription): Listing {
  const text = (key: string): string => {
    const found = stringAt(json, key);
    if (!found) throw new Failure(`package.json needs ${key}, since registries list this server.`);
    return found;
  };
  const { network, privacyPolicies = [] } = table;
  if (typeof network !== "boolean") {
    throw new Failure(
      "package.json: listing of server-build needs network, true if the server connects to other machines.",
    );
  }
  const registryName = text("mcpName");
  return {
    key: server.name.replace(/^server-/, ""),
    package: text("name"),
    version: text("version"),
    registryName,
    title: server.title,
    description: text("description"),
    homepage: text("homepage"),
    licence: text("license"),
    keywords: textsOf(json.keywords).filter((word) => !/^mcp|^model-context-protocol$/.test(word)),
    icons: iconsOf(json.icons),
    repository: repositoryOf(objectAt(json, "repository")),
    options: server.options,
    tools: server.tools.map(({ name, description }) => ({ name, description })),
    network,
    privacyPolicies: textsOf(privacyPolicies),
  };
}

function iconsOf(icons: unknown): Icon[] {
  const found = (Array.isArray(icons) ? icons : []).filter(isObject).map((icon) => ({
    src: stringAt(icon, "src") ?? "",
    mimeType: stringAt(icon, "mimeType") ?? "",
    sizes: textsOf(icon.sizes),
  }));
  if (found[0]?.mimeType === "image/png") return found;
  throw new Failure("package.json needs icons, the first of them a PNG: every host can show it.");
}

function repositoryOf(repository: JsonObject): Repository {
  const url = (stringAt(repository, "url") ?? "").replace(/^git\+|\.git$/g, "");
  const [, source, owner = ""] = /^https:\/\/(github|gitlab)\.com\/([^/]+)\/[^/]+$/.exec(url) ?? [];
  if (source !== "github" && source !== "gitlab") {
    throw new Failure("package.json needs repository.url, the root of a repository on github.com or gitlab.com.");
  }
  const subfolder = stringAt(repository, "directory");
  return { url, source, owner, ...(subfolder && { subfolder }) };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Options about how a process serves, for people who start it by hand: registries and hosts do not ask for them. */
const OF_PROCESS =
  /^(?:tools|http|publicUrl|allowedHosts|allowedOrigins|rateLimit|concurrency|timeout|maxOutput|log.*)$/;

/** The decisions at installation: the server's own options, and whether it may write. */
export function askedOptions({ options }: Listing): readonly OptionDescription[] {
  return options.filter(({ name, common }) => !(common && OF_PROCESS.test(name)));
}

/** An option's text on a form, with how to write several values in one field. */
export function formText({ description, choices, many }: OptionDescription): string {
  const choose = choices ? ` One of ${choices.join(", ")}.` : "";
  const separate = many === undefined ? "" : many === true ? "commas" : "colons (on Windows semicolons)";
  return `${description}${choose}${separate && ` Several are separated by ${separate}.`}`;
}

/** The arguments and variables in install instructions: those of options with an example. */
export function exampleOf({ options }: Listing): { args: string[]; env: Record<string, string> } {
  const shown = options.filter(({ example }) => example !== undefined);
  const args = shown.filter(({ positional }) => positional).map(({ example }) => example ?? "");
  const named = shown.filter(({ positional, env }) => !positional && env);
  return { args, env: Object.fromEntries(named.map(({ env, example }) => [env, example ?? ""])) };
}
