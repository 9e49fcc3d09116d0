import { statSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { quote } from "./errors.ts";
import { LOG_FORMATS, LOG_LEVELS } from "./log.ts";

interface Described {
  readonly description: string;
  /** Environment name; by default `<SERVER>_<OPTION>`. */
  readonly env?: string;
  /** Given without a flag. At most one option of a server is. */
  readonly positional?: true;
  /** What `--help` shows as the value. */
  readonly value?: string;
}

/** One option of a server. Its type decides what a handler gets: see {@link Options}. */
export type Option = Described &
  (
    | { readonly type: "string"; readonly default?: string; readonly required?: true; readonly many?: true }
    /** An absolute path, `~` expanded; refused when it is no folder, unless the server `creates` it. */
    | {
        readonly type: "directory";
        readonly default?: string;
        readonly required?: true;
        readonly many?: true;
        readonly creates?: true;
      }
    | { readonly type: "number"; readonly default?: number; readonly min?: number; readonly max?: number }
    /** Milliseconds, written `500ms`, `30s`, `2m` or `1h`. */
    | { readonly type: "duration"; readonly default?: number }
    | { readonly type: "choice"; readonly choices: readonly string[]; readonly default?: string }
    | { readonly type: "boolean" }
  );

export type OptionTable = Readonly<Record<string, Option>>;

type Scalar<O> = O extends { type: "boolean" }
  ? boolean
  : O extends { choices: readonly (infer V)[] }
    ? V
    : O extends { type: "number" | "duration" }
      ? number
      : string;
type Value<O> = O extends { many: true }
  ? readonly Scalar<O>[]
  : O extends { type: "boolean" } | { required: true } | { default: string | number }
    ? Scalar<O>
    : Scalar<O> | undefined;

/** The values of a table, typed by it. */
export type Options<T extends OptionTable> = { readonly [K in keyof T]: Value<T[K]> };

/** What every server takes besides its own options. */
export const COMMON = {
  readOnly: { type: "boolean", description: "Offer only the tools that change nothing." },
  tools: { type: "string", many: true, value: "a,b", description: "Offer only these tools." },
  http: {
    type: "string",
    value: "[host:]port",
    description: "Serve over HTTP instead of stdio; port 0 takes a free one. Beyond loopback it needs MCP_HTTP_TOKEN.",
  },
  allowedHosts: {
    type: "string",
    many: true,
    value: "a,b",
    description: "Host names that HTTP requests may be addressed to, besides the address that is listened on.",
  },
  allowedOrigins: {
    type: "string",
    many: true,
    value: "a,b",
    description: "Web origins, such as https://example.com, whose pages may call the server over HTTP.",
  },
  rateLimit: {
    type: "number",
    min: 0,
    description: "HTTP requests a second for each client, 0 for no limit. 50 by default, no limit on loopback.",
  },
  concurrency: { type: "number", min: 1, default: 64, description: "Calls that run at once; others wait in order." },
  timeout: { type: "duration", default: 30_000, description: "How long a call may take." },
  maxOutput: { type: "number", min: 1000, default: 40_000, description: "Characters that a result may have." },
  logLevel: {
    type: "choice",
    choices: LOG_LEVELS,
    description: "What is logged to stderr: warning by default, info with --http.",
  },
  logFormat: { type: "choice", choices: LOG_FORMATS, default: "text", description: "How a log line is written." },
} as const satisfies OptionTable;

export type Settings = Options<typeof COMMON>;

/** A sentence about the command line or the environment, for stderr; the process ends with code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `TIME_TIMEZONE` for the option `timezone` of `server-time`; `MCP_TIMEOUT` for a common one. */
export function envOf(server: string, name: string, option: Option): string {
  if (option.env !== undefined) return option.env;
  const prefix = name in COMMON ? "MCP" : server.replace(/^server-/, "").replace(/\W/g, "_");
  return `${prefix}_${flagOf(name).slice(2).replaceAll("-", "_")}`.toUpperCase();
}

/**
 * Reads flags, environment and defaults, in that order of precedence, against one table.
 * @throws UsageError for an unknown flag, a bad or missing value, a folder that is not there
 */
export function parseOptions(
  server: string,
  table: OptionTable,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const flags = readFlags(table, argv);
  const values = Object.entries(table).map(([name, option]) => {
    const shown = option.positional ? `<${name}>` : flagOf(name);
    const variable = envOf(server, name, option);
    const text = env[variable];
    const given = flags.get(name);
    if (given) return [name, convert(option, given, shown)];
    if (text) return [name, convert(option, "many" in option ? text.split(",") : [text], variable)];
    if ("required" in option) throw new UsageError(`${shown} is needed. ${option.description}`);
    if (option.type === "directory" && option.default) return [name, convert(option, [option.default], shown)];
    return [name, fallback(option)];
  });
  // The one cast: every value was made from its row of a table that holds the common options' rows.
  return { ...defaults(COMMON), ...Object.fromEntries(values) } as Settings;
}

/** The values of a table when nothing is given; nothing is checked. */
export function defaults(table: OptionTable): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(table).map(([name, option]) => [name, fallback(option)]));
}

function fallback(option: Option): unknown {
  if ("default" in option) return option.default;
  return "many" in option ? [] : option.type === "boolean" ? false : undefined;
}

/** Each option's texts as they stand on the command line. */
function readFlags(table: OptionTable, argv: readonly string[]): Map<string, string[]> {
  const names = new Map(Object.keys(table).map((name) => [flagOf(name).slice(2), name]));
  const options = Object.fromEntries(
    [...names].map(([flag, name]) => [
      flag,
      { type: table[name]?.type === "boolean" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  // Not strict: unknown flags and missing values are told in our own words.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const positional = Object.entries(table).find(([, option]) => option.positional);
  const given = new Map<string, string[]>();
  const add = (name: string, text: string) => {
    const option = table[name];
    const many = option !== undefined && "many" in option;
    const parts = many && !option.positional ? text.split(",") : [text];
    given.set(name, many ? [...(given.get(name) ?? []), ...parts] : parts);
  };
  for (const token of tokens) {
    if (token.kind === "positional") {
      const [name, option] = positional ?? [];
      if (name === undefined || (given.has(name) && !("many" in (option ?? {})))) {
        throw new UsageError(`unexpected argument ${quote(token.value)}. See --help.`);
      }
      add(name, token.value);
    } else if (token.kind === "option") {
      const name = names.get(token.name);
      if (name === undefined || !token.rawName.startsWith("--")) throw unknownFlag(token.rawName, [...names.keys()]);
      if (table[name]?.type === "boolean" && token.value === undefined) add(name, "true");
      else if (token.value === undefined || token.value === "")
        throw new UsageError(`${token.rawName} needs a value. See --help.`);
      else add(name, token.value);
    }
  }
  return given;
}

function unknownFlag(raw: string, flags: readonly string[]): UsageError {
  const near = flags.find((flag) => raw.length > 4 && (flag.startsWith(raw.slice(2)) || raw.slice(2).startsWith(flag)));
  return new UsageError(`unknown option ${quote(raw)}.${near ? ` Did you mean --${near}?` : ""} See --help.`);
}

function convert(option: Option, texts: readonly string[], source: string): unknown {
  const values = texts.map((text) => text.trim()).filter((text) => text !== "");
  if ("many" in option) return values.map((text) => scalar(option, text, source));
  return scalar(option, values.at(-1) ?? "", source);
}

function scalar(option: Option, text: string, source: string): string | number | boolean {
  const bad = (expected: string) => new UsageError(`${source}: ${quote(text)} is not ${expected}.`);
  switch (option.type) {
    case "string":
      return text;
    case "choice":
      if (!option.choices.includes(text)) throw bad(`one of ${option.choices.join(", ")}`);
      return text;
    case "boolean":
      if (/^(1|true|yes|on)$/i.test(text)) return true;
      if (/^(0|false|no|off)$/i.test(text)) return false;
      throw bad("true or false");
    case "number": {
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = option;
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      throw bad(
        `a whole number${option.min === undefined ? "" : ` from ${min}`}${option.max === undefined ? "" : ` to ${max}`}`,
      );
    }
    case "duration": {
      const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
      const value = Number(amount) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit ?? ""] ?? Number.NaN);
      // A timer of Node holds 31 bits of milliseconds.
      if (value >= 1 && value <= 2 ** 31 - 1) return value;
      throw bad("a duration such as 500ms, 30s or 2m");
    }
    case "directory": {
      const path = resolve(text.replace(/^~(?=$|[/\\])/, homedir()));
      if (option.creates || statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
      throw new UsageError(`${source}: there is no folder ${quote(text)}.`);
    }
  }
}

/** One option as `--help`, the README and the registries show it. */
export interface OptionRow {
  readonly name: string;
  readonly flag: string;
  readonly env: string;
  readonly default?: string;
  readonly description: string;
  readonly common: boolean;
}

/** The rows of a table, in its order. */
export function optionRows(server: string, table: OptionTable): OptionRow[] {
  return Object.entries(table).map(([name, option]) => {
    const value = option.value ?? (option.type === "choice" ? option.choices.join("|") : name.toLowerCase());
    const flag = option.positional
      ? `[${value}${"many" in option ? "…" : ""}]`
      : option.type === "boolean"
        ? flagOf(name)
        : `${flagOf(name)} <${value}>`;
    const fallback = "default" in option ? option.default : undefined;
    return {
      name,
      flag,
      env: envOf(server, name, option),
      ...(fallback !== undefined && {
        default: option.type === "duration" ? toDuration(Number(fallback)) : String(fallback),
      }),
      description: option.description,
      common: name in COMMON,
    };
  });
}

const toDuration = (ms: number) =>
  ms % 60_000 === 0 ? `${ms / 60_000}m` : ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
