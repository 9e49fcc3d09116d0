import { LOG_FORMATS, LOG_LEVELS } from "./log.ts";

interface Described {
  readonly description: string;
  /** Environment name; by default `<SERVER>_<OPTION>`. */
  readonly env?: string;
  /** Given without a flag. At most one option of a server may be positional. */
  readonly positional?: true;
  /** The placeholder for its value in `--help`. */
  readonly value?: string;
  /** Its name on a form; a value to install with. A secret is never a flag: everyone on the machine can read those. */
  readonly title?: string;
  readonly example?: string;
  readonly secret?: true;
}
/**
 * `many`: a list. The flag may be repeated, its values separated by commas, and a positional given several times. With
 * "each", for paths and patterns, a comma is part of a value, and the environment separates values as in PATH.
 */
type Text = { readonly default?: string; readonly required?: true; readonly many?: true | "each" };
type Bounds = { readonly default?: number; readonly min?: number; readonly max?: number };

/** One option of a server. Its type decides what a handler gets: see {@link Options}. */
export type Option = Described &
  (
    | ({ readonly type: "string" } & Text)
    /** An absolute path, `~` expanded; refused when it is not a directory, unless it `mayBeMissing`. */
    | ({ readonly type: "directory"; readonly mayBeMissing?: true } & Text)
    | ({ readonly type: "number" } & Bounds)
    /** Milliseconds, written `500ms`, `30s`, `2m` or `1h`. */
    | { readonly type: "duration"; readonly default?: number }
    | { readonly type: "choice"; readonly choices: readonly string[]; readonly default?: string }
    | { readonly type: "boolean" }
  );
export type OptionTable = Readonly<Record<string, Option>>;

type ByType = { boolean: boolean; number: number; duration: number; string: string; directory: string; choice: string };
type Scalar<O> = O extends { choices: readonly (infer V)[] }
  ? V
  : O extends { type: keyof ByType }
    ? ByType[O["type"]]
    : never;
type Given = { type: "boolean" } | { required: true } | { default: string | number };
type Value<O> = O extends { many: true | "each" }
  ? readonly Scalar<O>[]
  : O extends Given
    ? Scalar<O>
    : Scalar<O> | undefined;

/** The values of a table, typed by it. */
export type Options<T extends OptionTable> = { readonly [K in keyof T]: Value<T[K]> };

const list = { type: "string", many: true, value: "a,b" } as const;
/** The options that every server has besides its own. */
export const COMMON = {
  readOnly: { type: "boolean", description: "Offer only the tools that change nothing." },
  tools: { ...list, description: "Offer only these tools." },
  http: {
    type: "string",
    value: "[host:]port",
    description: "Serve over HTTP instead of stdio; port 0 picks a free port. Beyond loopback, set MCP_HTTP_TOKEN.",
  },
  publicUrl: {
    type: "string",
    value: "url",
    description: "URL at which clients reach the endpoint, such as https://example.com/mcp; publishes a server card.",
  },
  allowedHosts: { ...list, description: "Additional host names that HTTP requests may be addressed to." },
  allowedOrigins: { ...list, description: "Web origins whose pages may call the server, such as https://example.com." },
  rateLimit: {
    type: "number",
    min: 0,
    value: "n",
    description: "Calls per second for each client over HTTP; 0 for no limit. 50 by default, unlimited on loopback.",
  },
  concurrency: {
    type: "number",
    min: 1,
    value: "n",
    default: 64,
    description: "Calls that run at once; others wait in order.",
  },
  timeout: { type: "duration", value: "duration", default: 30_000, description: "Time limit for a call." },
  maxOutput: { type: "number", min: 4000, value: "n", default: 40_000, description: "Maximum characters in a result." },
  logLevel: {
    type: "choice",
    choices: LOG_LEVELS,
    description: "Minimum log level; warning by default, info with --http.",
  },
  logFormat: { type: "choice", choices: LOG_FORMATS, default: "text", description: "Format of log lines." },
} as const satisfies OptionTable;
export type Settings = Options<typeof COMMON>;

export const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * `TIME_TIMEZONE` for the option `timezone` of `server-time`; `MCP_SERVER_TIMEOUT` for a common one. Not `MCP_TIMEOUT`,
 * because hosts use such names themselves, with other units, and their children inherit them.
 */
export function envOf(server: string, name: string, option: Option): string {
  const prefix = name in COMMON ? "MCP_SERVER" : server.replace(/^server-/, "");
  return option.env ?? `${prefix}${flagOf(name).slice(1)}`.replace(/\W/g, "_").toUpperCase();
}

/** The values of a table when nothing is given. They are not checked. */
export function defaults(table: OptionTable): object {
  return Object.fromEntries(Object.entries(table).map(([name, option]) => [name, fallback(option)]));
}

export function fallback(option: Option): unknown {
  if ("many" in option) return option.default?.split(",") ?? [];
  return "default" in option ? option.default : option.type === "boolean" ? false : undefined;
}

/** The options as `--help`, the README and the registries show them. */
export function optionRows(server: string, table: OptionTable) {
  return Object.entries(table).map(([name, option]) => {
    const value = option.value ?? (option.type === "choice" ? option.choices.join("|") : name.toLowerCase());
    const positional = option.positional && `[${value}${"many" in option ? "…" : ""}]`;
    const flag =
      positional ?? (option.secret ? "" : `${flagOf(name)}${option.type === "boolean" ? "" : ` <${value}>`}`);
    const given = "default" in option ? option.default : undefined;
    const shown = option.type === "duration" && given ? `${Number(given) / 1000}s` : given?.toString();
    return { ...option, name, flag, env: envOf(server, name, option), common: name in COMMON, default: shown };
  });
}
