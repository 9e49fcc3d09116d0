import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { parse, toJsonSchema, weigh } from "../src/schema.ts";

test("absent arguments are none, and five problems are enough", () => {
  expect(parse(z.strictObject({ a: z.int().default(3) }), undefined)).toEqual({ a: 3 });
  const wrong = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, at]));
  expect(() => parse(z.strictObject({}), wrong)).toThrow(
    /unknown arguments "k0", "k1", "k2", "k3", "k4"\. Expected arguments: none\.$/,
  );
  expect(() => parse(z.strictObject({ a: z.string() }), "text")).toThrow(/"arguments": /);
  expect(() => parse(z.strictObject({ a: z.string() }), JSON.parse('{"__proto__":1,"a":"x"}'))).toThrow(/__proto__/);
});

test("what is wrong deep inside is told with its place", () => {
  const schema = z.strictObject({ edits: z.array(z.strictObject({ oldText: z.string() })) });
  expect(() => parse(schema, {})).toThrow('"edits" is missing. Expected arguments: edits.');
  expect(() => parse(schema, { edits: [{ oldText: "a" }, { old_string: "b" }] })).toThrow(
    '"edits[1].oldText" is missing; unknown argument "old_string" in "edits[1]".',
  );
});

test("an argument of the wrong type is wrong once, whatever else would be wrong with it", () => {
  const schema = z.strictObject({ places: z.array(z.string()).min(2).max(10) });
  expect(() => parse(schema, { places: "Paris, London" })).toThrow(
    /^"places": [^;]*expected array, received string\. E/,
  );
});

describe("what hosts do to arguments", () => {
  const schema = z.strictObject({
    path: z.string(),
    cursor: z.string().min(1).optional(),
    encoding: z.enum(["utf8", "latin1"]).default("utf8"),
    text: z.string().optional(),
    parent: z.string().nullable().optional(),
    depth: z.int().min(1).max(9).default(3),
    ratio: z.number().optional(),
    all: z.boolean().default(false),
    names: z.array(z.string()).optional(),
    edits: z.array(z.strictObject({ old: z.string(), all: z.boolean().default(false) })).optional(),
    properties: z.record(z.string(), z.unknown()).optional(),
  });
  const read = (args: object) => parse(schema, { path: "a", ...args });
  const plain = { path: "a", encoding: "utf8", depth: 3, all: false };

  test.each([
    ["wait_for_previous of Gemini CLI is dropped", { wait_for_previous: true }, {}],
    [
      "null for an optional argument means that it is absent",
      { cursor: null, depth: null, edits: null, text: null },
      {},
    ],
    ["null where null is a value keeps its meaning", { parent: null }, { parent: null }],
    ["an empty text that fits nothing means that it is absent", { cursor: "", encoding: "", depth: "", names: "" }, {}],
    ["an empty text where a text is wanted keeps its meaning", { text: "" }, { text: "" }],
    ["a list as JSON text", { names: '["a", "b"]' }, { names: ["a", "b"] }],
    ["a list of objects as JSON text", { edits: '[{"old":"x"}]' }, { edits: [{ old: "x", all: false }] }],
    ["objects in a list as JSON text", { edits: ['{"old":"x","all":"true"}'] }, { edits: [{ old: "x", all: true }] }],
    ["an object as JSON text", { properties: '{"a":{"b":null}}' }, { properties: { a: { b: null } } }],
    [
      "nested nulls and texts of a free object keep their meaning",
      { properties: { a: null, b: "1", c: "" }, all: "true" },
      {
        properties: { a: null, b: "1", c: "" },
        all: true,
      },
    ],
    ["booleans and numbers as text", { all: "true", depth: "7", ratio: "-0.5" }, { all: true, depth: 7, ratio: -0.5 }],
    ["a text that looks like JSON stays a text", { path: "[1]", text: "true" }, { path: "[1]", text: "true" }],
  ])("%s", (_, args, expected) => {
    expect(read(args)).toEqual({ ...plain, ...expected });
  });

  test.each([
    ["a list that does not parse", { names: '["a"' }, /"names": .*expected array/],
    ["a list that is not JSON", { names: "a, b" }, /"names": .*expected array/],
    ["an object where a list is expected", { names: '{"a":1}' }, /"names": .*expected array/],
    ["a list of the wrong things, named by its place", { edits: '[{"new":"x"}]' }, /"edits\[0\].old" is missing/],
    ["a number with a unit", { depth: "7 levels" }, /"depth": .*expected number/],
    ["a number out of bounds", { depth: "10" }, /"depth": expected number to be <=\d/],
    ["a number that is written oddly", { depth: "0x7" }, /"depth": .*expected number/],
    ["a number with blanks", { depth: " 7 " }, /"depth": .*expected number/],
    ["a fraction for an integer", { depth: "1.5" }, /"depth": /],
    ["more digits than a number holds", { ratio: "x", depth: "9007199254740993" }, /"depth": /],
    ["a boolean of another language", { all: "True" }, /"all": .*expected boolean/],
    ["null for a required argument", { path: null }, /"path": .*received null/],
    ["null inside a list", { names: ["a", null] }, /"names\[1\]": .*received null/],
    ["null inside an object", { edits: [{ old: null }] }, /"edits\[0\].old": .*received null/],
    ["wait_for_previous inside an object", { edits: [{ old: "", wait_for_previous: true }] }, /unknown argument/],
    ["an unknown argument that is null", { other: null }, /unknown argument "other"/],
    [
      "a name that every object has",
      { constructor: null, toString: "" },
      /unknown arguments "constructor", "toString"/,
    ],
  ])("%s is refused", (_, args, message) => {
    expect(() => read(args)).toThrow(message);
  });

  test("a tool that declares wait_for_previous gets it", () => {
    const own = z.strictObject({ wait_for_previous: z.boolean() });
    expect(parse(own, { wait_for_previous: true })).toEqual({ wait_for_previous: true });
  });

  test("arguments that are right are never changed", () => {
    const value = fc.record(
      {
        path: fc.string(),
        text: fc.string(),
        names: fc.array(fc.string()),
        // zod drops this key, which would be the prototype of what it makes.
        properties: fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          fc.json(),
        ),
      },
      { requiredKeys: ["path"] },
    );
    fc.assert(
      fc.property(value, (args) => {
        expect(read(args)).toEqual({ ...plain, ...args });
      }),
    );
  });
});

test("arguments nested without end are refused, wherever they are", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  const free = z.strictObject({ any: z.record(z.string(), z.unknown()).optional() });
  const text = `{"deep":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  for (const args of [deep, { any: { deep } }, { other: deep }, { any: text }]) {
    expect(() => parse(free, args)).toThrow(/nested more than 100 levels/);
  }
  expect(weigh({ text: "äöü", list: [1, true, null] })).toBeLessThan(40);
});

test("input schemas have no keyword that some host refuses", () => {
  const schema = z.strictObject({ properties: z.record(z.string(), z.unknown()).describe("Properties.") });
  expect(JSON.stringify(toJsonSchema(schema, "input"))).not.toContain("propertyNames");
});

test.each([
  [z.int().min(1).max(9).default(3).describe("Depth"), "Depth. 1 to 9, default 3."],
  [z.int().min(1).max(9).default(3).describe("Depth, 1 to 9 (default 3)."), "Depth, 1 to 9 (default 3)."],
  [z.int().min(1).max(1000).default(50).describe("Rows, 50 by default."), "Rows, 50 by default. 1 to 1000."],
  [z.int().max(10_000).describe("Rows, at most 10,000."), "Rows, at most 10,000."],
  [z.int().min(0).describe("First row."), "First row. At least 0."],
  [z.number().max(1.5).describe("Up to 21.5."), "Up to 21.5. At most 1.5."],
  [z.enum(["a", "b"]).default("a").describe("Kind."), "Kind. Default a."],
  [z.boolean().default(false).describe("Whether to recurse."), "Whether to recurse. Default false."],
  [z.array(z.string()).min(1).max(10).describe("Paths."), "Paths. 1 to 10."],
  [z.array(z.string()).default([]).describe("Globs; all files without one."), "Globs; all files without one."],
])("a default and bounds stand in the description, too: %#", (field, expected) => {
  const { properties } = toJsonSchema(z.strictObject({ field }), "input");
  expect(properties).toMatchObject({ field: { description: expected } });
});
