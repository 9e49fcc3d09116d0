import * as z from "zod";
import { quote, ToolError } from "./errors.ts";

export type Json = Readonly<Record<string, unknown>>;
export type ObjectSchema = { type: "object"; [key: string]: unknown };

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** JSON Schema that every host accepts: no `$schema`, no bounds that only say "a safe integer", one type at a time. */
export function toJsonSchema(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
  const portable = JSON.parse(JSON.stringify(json), (key, value) => {
    if (/^(max|min)imum$/.test(key) && Math.abs(value) === Number.MAX_SAFE_INTEGER) return undefined;
    // Some hosts refuse a whole tool because of this keyword; zod still checks the names.
    if (key === "propertyNames" && isObject(value) && "type" in value) return undefined;
    // `true` says more clearly than an empty schema that anything is allowed.
    if (key === "additionalProperties" && Object.keys(value).length === 0) return value !== false;
    if (!isObject(value)) return value;
    if (io === "input")
      return typeof value.description === "string" ? { ...value, description: describe(value) } : value;
    if (!Array.isArray(value.type)) return value;
    const { type: types, ...rest } = value;
    return { ...rest, anyOf: value.type.map((type: unknown) => ({ type })) };
  });
  return { ...portable, type: "object" };
}

/** Hosts delete `default`, `minimum` and `maximum`, so the description gets those that it does not mention yet. */
function describe(schema: Json): string {
  const words = String(schema.description);
  const figures = words.replace(/(?<=\d),(?=\d{3})/g, "");
  const says = (value: unknown) =>
    typeof value === "number"
      ? new RegExp(`(?<![\\d.])${String(value).replace(".", "\\.")}(?!\\.?\\d)`).test(figures)
      : words.includes(String(value));
  const [low, high] = [schema.minimum ?? schema.minItems, schema.maximum ?? schema.maxItems];
  const [hasLow, hasHigh] = [low, high].map((bound) => bound !== undefined && !says(bound));
  const isEmpty = Array.isArray(schema.default) && schema.default.length === 0;
  const added = [
    hasHigh && low !== undefined ? `${low} to ${high}` : hasHigh ? `at most ${high}` : hasLow && `at least ${low}`,
    schema.default !== undefined && !isEmpty && !says(schema.default) && `default ${schema.default}`,
  ].filter((part) => part !== false);
  if (added.length === 0) return words;
  const text = added.join(", ");
  return `${words.replace(/(?<![.!?)])$/, ".")} ${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Levels of nesting that arguments may have. The functions that walk them are recursive, and the stack is limited. */
const DEEPEST = 100;

/**
 * Validates arguments and fills in defaults. Known mistakes of hosts are corrected where they are unambiguous: see
 * {@link mend}.
 * @throws ToolError `invalid_input` naming each wrong argument once and, for an unknown one, those that exist
 */
export function parse<I extends z.ZodObject>(schema: I, raw: unknown): z.output<I> {
  let parsed = schema.safeParse(shallow(raw) ?? {});
  if (!parsed.success && isObject(raw)) parsed = schema.safeParse(shallow(mend(schema, raw)));
  if (parsed.success) return parsed.data;
  const firsts = new Map<string, z.core.$ZodIssue>();
  for (const issue of parsed.error.issues) if (!firsts.has(pathOf(issue.path))) firsts.set(pathOf(issue.path), issue);
  const problems = [...firsts].slice(0, 5).map(([place, issue]) => {
    if (issue.code === "unrecognized_keys") {
      const keys = issue.keys.slice(0, 5).map((key) => quote(key));
      return `unknown argument${keys.length > 1 ? "s" : ""} ${keys.join(", ")}${place && ` in ${quote(place)}`}`;
    }
    const [name, words] = [quote(place || "arguments"), issue.message.replace(/^(?:Invalid|Too) \w+: /, "")];
    return words.endsWith("received undefined") ? `${name} is missing` : `${name}: ${words}`;
  });
  const expected = Object.keys(schema.shape).join(", ") || "none";
  throw new ToolError("invalid_input", `${problems.join("; ")}. Expected arguments: ${expected}.`);
}

/** The value itself. Checked again after {@link mend}, because JSON text may be nested too deeply as well. */
function shallow<T>(value: T): T {
  if (weigh(value) !== Number.POSITIVE_INFINITY) return value;
  throw new ToolError("invalid_input", `the arguments are nested more than ${DEEPEST} levels deep. Flatten them.`);
}

/** `edits[0].oldText`. Written here, because zod's own would add all its languages to a bundle. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");

/** The approximate length of a value as JSON, without serializing it; infinite when it is nested too deeply. */
export function weigh(value: unknown, level = 0): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 4;
  if (level >= DEEPEST) return Number.POSITIVE_INFINITY;
  let size = 2;
  if (Array.isArray(value)) for (const item of value) size += weigh(item, level + 1);
  else for (const [key, inner] of Object.entries(value)) size += key.length + weigh(inner, level + 1);
  return size;
}

const jsonSchemas = new WeakMap<z.ZodObject, ObjectSchema>();

/**
 * Undoes what hosts do to arguments that the schema refuses as they are: Gemini CLI forwards its own
 * `wait_for_previous`; many send `null` or `""` for an optional argument that they mean to leave out; and many send
 * arrays, objects, numbers and booleans as JSON text.
 */
function mend(schema: z.ZodObject, raw: Json): Json {
  const json = jsonSchemas.get(schema) ?? toJsonSchema(schema, "input");
  jsonSchemas.set(schema, json);
  const required = Array.isArray(json.required) ? json.required : [];
  const given = Object.entries(raw).filter(([key, value]) => {
    const field = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    if (!field) return key !== "wait_for_previous";
    const isBlank = value === null || value === "";
    return !isBlank || required.includes(key) || field.safeParse(value).success;
  });
  return Object.fromEntries(given.map(([key, value]) => [key, fromText(value, propertyOf(json, key))]));
}

/** Parses JSON text where the schema expects another type, at any depth; leaves everything else unchanged. */
function fromText(value: unknown, schema: Json | undefined): unknown {
  if (typeof value === "string") {
    const wanted = TEXTS[String(schema?.type)];
    const parsed = wanted?.looksRight.test(value) ? parseJson(value) : undefined;
    return wanted?.isRight(parsed) ? fromText(parsed, schema) : value;
  }
  if (Array.isArray(value)) {
    const items = isObject(schema?.items) ? schema.items : undefined;
    return items ? value.map((item) => fromText(item, items)) : value;
  }
  if (!isObject(value) || !schema) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fromText(inner, propertyOf(schema, key))]),
  );
}

const propertyOf = (schema: Json, key: string): Json | undefined => {
  const found = (isObject(schema.properties) ? schema.properties[key] : undefined) ?? schema.additionalProperties;
  return isObject(found) ? found : undefined;
};

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const TEXTS: Readonly<Record<string, { looksRight: RegExp; isRight(value: unknown): boolean }>> = {
  array: { looksRight: /^\s*\[/, isRight: Array.isArray },
  object: { looksRight: /^\s*\{/, isRight: isObject },
  boolean: { looksRight: /^(true|false)$/, isRight: (value) => typeof value === "boolean" },
  integer: { looksRight: NUMBER, isRight: Number.isSafeInteger },
  number: { looksRight: NUMBER, isRight: Number.isFinite },
};

/** The value of a JSON text; undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
