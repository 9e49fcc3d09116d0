import { statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, resolve } from "node:path";
import { parseArgs } from "node:util";
import { quote, ToolError } from "./errors.ts";
import { COMMON, defaults, envOf, fallback, flagOf, type Option, type OptionTable, type Settings } from "./options.ts";

/** A sentence about the command line or the environment, for stderr; the process ends with code 2. */
export const usageError = (message: string) => new ToolError("invalid_input", message);
type Env = NodeJS.ProcessEnv;

/**
 * Reads the options of a table from flags, the environment and defaults, in that order of precedence.
 * @throws ToolError for an unknown flag, a bad or missing value, or a missing directory
 */
export function parseOptions(server: string, table: OptionTable, args: readonly string[], env: Env): Settings {
  const flags = readFlags(server, table, args);
  const values = Object.entries(table).map(([name, option]) => {
    const shown = option.positional ? `<${name}>` : flagOf(name);
    const variable = envOf(server, name, option);
    const [given, text] = [flags.get(name), env[variable]];
    if (given) return [name, convert(option, given, shown)];
    if (text) return [name, convert(option, split(option, text, delimiter), variable)];
    if ("required" in option) throw usageError(`${shown} is required. ${option.description}`);
    if ("default" in option && typeof option.default === "string") {
      return [name, convert(option, split(option, option.default, ","), shown)];
    }
    return [name, fallback(option)];
  });
  // The only cast: each value was converted by its row of a table that includes the common options.
  return { ...defaults(COMMON), ...Object.fromEntries(values) } as Settings;
}

/** The texts that the command line gives for each option. */
function readFlags(server: string, table: OptionTable, argv: readonly string[]): Map<string, string[]> {
  const names = new Map(Object.keys(table).map((name) => [flagOf(name), name]));
  const kinds = Object.entries(table).map(([name, { type }]) => {
    return [flagOf(name).slice(2), { type: type === "boolean" ? ("boolean" as const) : ("string" as const) }];
  });
  const options = Object.fromEntries(kinds);
  // Not strict: unknown flags and missing values are reported in our own words.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const positional = Object.keys(table).find((name) => table[name]?.positional);
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    const isFlag = token.kind === "option";
    const [raw, name] = isFlag ? [token.rawName, names.get(token.rawName)] : [token.value, positional];
    const option = name === undefined ? undefined : table[name];
    if (name === undefined || !option || (!isFlag && given.has(name) && !("many" in option))) {
      // It may be a secret, which must not get into a host's log.
      const secret = Object.entries(table).find(([, each]) => each.secret && !isFlag);
      const shown = secret ? `; if it is a secret, set ${envOf(server, ...secret)} to it instead` : ` ${quote(raw)}`;
      throw usageError(`${isFlag ? "unknown option" : "unexpected argument"}${shown}. See --help.`);
    }
    if (option.secret) throw usageError(`${raw}: a secret belongs in ${envOf(server, name, option)}, not here.`);
    const text = token.value ?? (option.type === "boolean" ? "true" : "");
    // In `--token --verbose` the value was forgotten; `--token=--verbose` is intended.
    const forgotten = isFlag && token.inlineValue === false && names.has(text);
    if (text === "" || forgotten) throw usageError(`${raw || "an argument"} needs a value. See --help.`);
    const before = "many" in option ? given.get(name) : undefined;
    given.set(name, [...(before ?? []), ...(isFlag ? split(option, text) : [text])]);
  }
  return given;
}

/** @param separator between values that may contain commas; without it, the text is one value */
function split(option: Option, text: string, separator?: string): string[] {
  if (!("many" in option)) return [text];
  if (option.many === true) return text.split(",");
  return separator === undefined ? [text] : text.split(separator);
}

function convert(option: Option, texts: readonly string[], source: string): unknown {
  // A space at the end of a path is part of the name: trimmed, it would name another directory.
  const values = texts.map((text) => (option.type === "directory" ? text : text.trim())).filter((text) => text.trim());
  if (values.length === 0) throw usageError(`${source} needs a value. See --help.`);
  if ("many" in option) return values.map((text) => scalar(option, text, source));
  return scalar(option, values[0] ?? "", source);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function scalar(option: Option, text: string, source: string): string | number | boolean {
  const bad = (expected: string) => usageError(`${source}: ${quote(text)} is not ${expected}.`);
  switch (option.type) {
    case "string":
      return text;
    case "choice":
      if (option.choices.includes(text)) return text;
      throw bad(`one of ${option.choices.join(", ")}`);
    case "boolean":
      if (/^(1|true|yes|on|0|false|no|off)$/i.test(text)) return /^(1|t|y|on)/i.test(text);
      throw bad("true or false");
    case "number": {
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = option;
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      const from = option.min === undefined ? "" : ` from ${min}`;
      throw bad(`a whole number${from}${option.max === undefined ? "" : ` to ${max}`}`);
    }
    case "duration": {
      const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
      const value = Number(amount) * (UNITS[unit] ?? 0);
      // Node's timers hold 31 bits of milliseconds.
      if (value >= 1 && value < 2 ** 31) return value;
      throw bad("a duration such as 500ms, 30s or 2m");
    }
    case "directory": {
      const path = absolute(text, source);
      if (option.mayBeMissing || statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
      throw usageError(`${source}: ${quote(text, 200)} is not a directory.`);
    }
  }
}

/** Absolute paths work even for a user without a home, and after the working directory was deleted. */
function absolute(text: string, source: string): string {
  const inHome = /^~(?=$|[/\\])/.test(text);
  try {
    return resolve(inHome ? homedir() + text.slice(1) : text);
  } catch {
    const needs = `${source}: ${quote(text, 200)} needs a ${inHome ? "home" : "working"} directory`;
    throw usageError(`${needs}, and there is none. Give an absolute path.`);
  }
}
