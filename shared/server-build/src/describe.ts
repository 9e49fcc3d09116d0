import { mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compile } from "./esbuild.ts";
import { Failure, messageOf } from "./failure.ts";
import { isObject, type JsonObject } from "./json.ts";
import { STAGING_PREFIX } from "./staging.ts";

/** A server's description, as returned by the kit's `describe()`. */
export interface ServerDescription {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly instructions: string;
  readonly tools: readonly ToolDescription[];
  readonly resources: readonly ResourceDescription[];
  readonly prompts: readonly PromptDescription[];
  readonly options: readonly OptionDescription[];
}

export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  /** JSON Schema of an object. */
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
}

export interface ResourceDescription {
  readonly name: string;
  /** A URI, or an RFC 6570 template. */
  readonly uri: string;
  readonly title: string;
  readonly description?: string;
  readonly mimeType: string;
}

export interface PromptDescription {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description?: string;
    readonly required: boolean;
  }[];
}

export interface OptionDescription {
  readonly name: string;
  /** As typed: `--timezone <name>`, or `[dir]` if it is positional. */
  readonly flag: string;
  readonly env?: string;
  readonly default?: string;
  readonly description: string;
  /** Whether all servers have it. */
  readonly common: boolean;
  /** Its type and limits, for registries and hosts that ask for it. */
  readonly type?: string;
  readonly positional?: true;
  readonly required?: true;
  readonly secret?: true;
  readonly many?: true | "each";
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Its name on a form. */
  readonly title?: string;
  /** A value to show in install instructions. */
  readonly example?: string;
}

/**
 * Loads src/server.ts of the server in `folder`, and returns the description of the server that it exports.
 * @throws Failure when the file does not build, does not load or exports no server
 */
export async function describeServer(folder: string): Promise<ServerDescription> {
  const entry = "src/server.ts";
  // Node resolves the packages itself, which works because the file is inside the server's folder. It is as deep as
  // src/, so that `new URL("../data/…", import.meta.url)` finds the same file.
  const { outputFiles } = await compile(folder, { entryPoints: [entry], packages: "external" });
  const staging = await mkdtemp(path.join(folder, STAGING_PREFIX));
  try {
    const file = path.join(staging, "server.mjs");
    await writeFile(file, outputFiles[0]?.contents ?? "");
    const module: unknown = await import(pathToFileURL(file).href).catch((error: unknown) => {
      throw new Failure(`${entry} does not load: ${messageOf(error)}`);
    });
    const server = isObject(module) ? Object.values(module).find(isDescribable) : undefined;
    if (!server) throw new Failure(`${entry} exports no server: nothing in it has a describe function.`);
    return await server.describe();
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function isDescribable(value: unknown): value is { describe(): Promise<ServerDescription> } {
  return isObject(value) && typeof value.describe === "function";
}
