import { isObject, type JsonObject, objectAt, stringAt } from "../json.ts";

/** One property of an object's schema, ready for a line of documentation. */
export interface Property {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

/**
 * The properties of an object's JSON Schema in their order: those of the items for an array of objects, those
 * of the object where it may also be null.
 */
export function propertiesOf(schema: JsonObject): Property[] {
  const object = schema.type === "array" ? objectAt(schema, "items") : withoutNull(schema);
  const required: readonly unknown[] = Array.isArray(object.required) ? object.required : [];
  return Object.entries(objectAt(object, "properties")).map(([name, value]) => ({
    name,
    schema: isObject(value) ? value : {},
    required: required.includes(name),
  }));
}

/** A schema's type as people write it: `string`, `integer 1 to 100`, `"asc" or "desc"`, `object[]`. */
export function typeText(schema: JsonObject): string {
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return either(schema.enum.map((value) => JSON.stringify(value)));
  const options = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (options) return either(options.filter(isObject).map(typeText));
  if (schema.type === "array") return arrayText(typeText(objectAt(schema, "items")));
  const type = Array.isArray(schema.type) ? either(schema.type.map(String)) : (stringAt(schema, "type") ?? "any");
  return [type, rangeText(schema)].filter(Boolean).join(" ");
}

function withoutNull(schema: JsonObject): JsonObject {
  const options: unknown[] = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  const objects = options.filter(isObject).filter(({ type }) => type !== "null");
  return objects.length === 1 && objects[0] ? objects[0] : schema;
}

function either(options: readonly string[]): string {
  return [...new Set(options)].join(" or ");
}

function arrayText(item: string): string {
  return item.includes(" ") ? `(${item})[]` : `${item}[]`;
}

function rangeText({ minimum, maximum, maxLength }: JsonObject): string {
  const least = typeof minimum === "number" ? minimum : undefined;
  // Schema generators write the largest safe integer when there is no limit.
  const most = typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (least !== undefined && least > Number.MIN_SAFE_INTEGER) {
    return most === undefined ? `from ${least}` : `${least} to ${most}`;
  }
  if (most !== undefined) return `up to ${most}`;
  return typeof maxLength === "number" ? `up to ${maxLength} characters` : "";
}
