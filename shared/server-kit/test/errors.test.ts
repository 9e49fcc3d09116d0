import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { counted, failureResult, fromCursor, nearest, quote, ToolError, toCursor, toFailure } from "../src/errors.ts";
import { createLog } from "../src/log.ts";

test("an unknown exception leaves by reference, and its stack stays in the log under it", () => {
  let written = "";
  const log = createLog("error", "json", () => ({
    writableLength: 0,
    once: () => undefined,
    write(text: string) {
      written += text;
      return true;
    },
  }));
  const thrown = [new TypeError("at /home/ada/secret"), "a string", null, { toString: () => "object" }];
  for (const error of thrown) {
    const { message, facts } = toFailure(error, log);
    expect(message).toMatch(/^internal: /);
    expect(message).toContain(facts.reference);
    // A reference is hexadecimal, and may hold "ada" by itself.
    expect(message.replaceAll(String(facts.reference), "")).not.toMatch(/ada|a string|object/);
    log.flush();
    expect(written).toContain(facts.reference);
  }
  expect(written).toContain("/home/ada/secret");
});

test("what may be tried again says so", () => {
  const log = createLog("silent", "json");
  expect(toFailure(new ToolError("unavailable", "down."), log).facts).toEqual({ code: "unavailable", retryable: true });
  expect(toFailure(new ToolError("conflict", "changed."), log).facts).toEqual({ code: "conflict", retryable: false });
  const limited = new ToolError("rate_limited", "slow.", { retryAfterMs: 5 });
  expect(failureResult(toFailure(limited, log))).toEqual({
    isError: true,
    content: [{ type: "text", text: "rate_limited: slow." }],
    _meta: { error: { code: "rate_limited", retryable: true, retryAfterMs: 5 } },
  });
});

test("text from outside cannot break out of the line it stands in", () => {
  expect(quote("a\nb\u202Ec\u2028\u001b[0m")).toBe('"a\\u{a}b\\u{202e}c\\u{2028}\\u{1b}[0m"');
  expect(quote("a\uFE0F\u{E0101}\u034F\u3164\u115F\u2800\u200Bb")).toBe(
    '"a\\u{fe0f}\\u{e0101}\\u{34f}\\u{3164}\\u{115f}\\u{2800}\\u{200b}b"',
  );
  expect(quote("Åre, 東京, São-Paulo! $5")).toBe('"Åre, 東京, São-Paulo! $5"');
  expect(quote("x".repeat(1e6))).toHaveLength(83);
});

test("counts read as grammar has them", () => {
  expect([0, 1, 2].map((count) => counted(count, "note"))).toEqual(["0 notes", "1 note", "2 notes"]);
  expect([0, 1, 2].map((count) => counted(count, "entry", "entries"))).toEqual(["0 entries", "1 entry", "2 entries"]);
});

const FRUIT = ["apple", "apricot", "banana", "cherry"].map((name) => [name, name] as const);

test.each([
  ["aple", ["apple"]],
  ["appel", ["apple"]],
  ["banan", ["banana"]],
  ["bananas", ["banana"]],
  ["chrery", ["cherry"]],
  ["zzz", []],
  ["", []],
])("nearest to %j is %j", (text, names) => {
  expect(nearest(text, FRUIT)).toEqual(names);
});

test("a swap of two letters is one change, wherever it is", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 3, maxLength: 30 }), fc.nat(), (word, place) => {
      const at = place % (word.length - 1);
      const swapped = word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
      expect(nearest(swapped, [[word, word]])).toEqual([word]);
    }),
  );
});

test("the nearest come first, each name once, and no more than asked for", () => {
  const candidates = [["abcdxx", "far"] as const, ["abcdex", "near"] as const, ["abcdef", "same"] as const];
  expect(nearest("abcdef", [...candidates, ["abxxef", "far"]], 3)).toEqual(["same", "near", "far"]);
  expect(nearest("abcdef", candidates, 2)).toEqual(["same", "near"]);
});

test("a name of a megabyte costs no more than its first 100 characters", () => {
  const start = "x".repeat(100);
  expect(
    nearest("x".repeat(1e6), [
      [`${start}y`, "near"],
      ["x", "far"],
    ]),
  ).toEqual(["near"]);
});

const Place = z.tuple([z.int().positive(), z.string()]);
const refused = expect.objectContaining({ code: "invalid_input", message: expect.stringContaining("previous page") });

test("a place comes back from its cursor, whatever it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (place, question) => {
      const cursor = toCursor(place, question);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(fromCursor(cursor, z.unknown(), question)).toEqual(JSON.parse(JSON.stringify(place)));
    }),
  );
});

test("a cursor of another question is refused", () => {
  const cursor = toCursor([1, "a"], { query: "x" });
  expect(fromCursor(cursor, Place, { query: "x" })).toEqual([1, "a"]);
  for (const question of [undefined, null, { query: "y" }, "x"]) {
    expect(() => fromCursor(cursor, Place, question)).toThrow(refused);
  }
});

test.each(["", "???", "null", "W10", "WzFd", toCursor([0, "a"]), toCursor("a"), toCursor(undefined), "x".repeat(1e6)])(
  "what is not a cursor is refused: %.20s",
  (cursor) => {
    expect(() => fromCursor(cursor, Place)).toThrow(refused);
  },
);
