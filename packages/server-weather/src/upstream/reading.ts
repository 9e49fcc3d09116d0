/** Reads JSON of unknown shape: each function returns the requested type, or undefined. */
import { unavailable } from "./failure.ts";

export type Fields = ReadonlyMap<string, unknown>;

/** An object's fields; undefined for anything else. A map, so that no key reaches a prototype. */
export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : undefined;

/** The same for an object that may be missing. */
export const fieldsIn = (fields: Fields | undefined, key: string): Fields => fieldsOf(fields?.get(key)) ?? new Map();

export const textIn = (fields: Fields | undefined, key: string): string | undefined => {
  const value = fields?.get(key);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
};

/** A text without line breaks and direction marks. */
export const lineIn = (fields: Fields | undefined, key: string): string | undefined =>
  textIn(fields, key)?.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "");

/** The same, but short: a name. */
export const nameIn = (fields: Fields | undefined, key: string): string | undefined => {
  const text = lineIn(fields, key);
  return text !== undefined && text.length <= LONGEST_NAME ? text : undefined;
};
const LONGEST_NAME = 200;

export const numberIn = (fields: Fields | undefined, key: string): number | undefined => {
  const value = fields?.get(key);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

export const listIn = (fields: Fields | undefined, key: string): readonly unknown[] => {
  const value = fields?.get(key);
  return Array.isArray(value) ? value : [];
};

export const textsIn = (fields: Fields | undefined, key: string): string[] =>
  listIn(fields, key).filter((value) => typeof value === "string");

/** Milliseconds since 1970 of a time with an offset. */
export const timeIn = (fields: Fields | undefined, key: string): number | undefined => {
  const time = Date.parse(textIn(fields, key) ?? "");
  // Beyond this, a Date is invalid and toISOString throws.
  return Math.abs(time) < 8e12 ? time : undefined;
};

export const notAsDocumented = (source: string, what: string) =>
  unavailable(source, `its answer is not as documented (${what})`, { retryable: false });
