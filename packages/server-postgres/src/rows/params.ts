import { counted, ToolError } from "@org/server-kit";
import { array } from "../connection/sql.ts";
import type { Param } from "../connection/types.ts";

/**
 * Converts a model's values to PostgreSQL's text format: a list becomes an array, an object JSON. The server infers
 * their types from the parameter's context.
 */
export function toParams(values: readonly unknown[]): readonly Param[] {
  return values.map(toParam);
}

/** @throws ToolError if there are too few or too many values */
export function requireOneEach(needed: number, params: readonly Param[]): void {
  if (params.length === needed) return;
  throw new ToolError(
    "invalid_input",
    `the query has ${counted(needed, "parameter")}, and params has ${counted(params.length, "value")}. Pass one for each.`,
  );
}

function toParam(value: unknown): Param {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    return value.some((each) => typeof each === "object" && each !== null && !Array.isArray(each))
      ? JSON.stringify(value)
      : arrayOf(value);
  }
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  if (text.includes("\0"))
    throw new ToolError("invalid_input", "params: PostgreSQL keeps no zero byte in text. Remove it.");
  return text;
}

function arrayOf(values: readonly unknown[]): string {
  if (!values.some(Array.isArray)) return array(values.map((each) => toParam(each) ?? undefined));
  return `{${values.map((each) => (Array.isArray(each) ? arrayOf(each) : "NULL")).join(",")}}`;
}
