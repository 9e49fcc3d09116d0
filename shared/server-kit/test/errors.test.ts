import { expect, test } from "vitest";
import { failureResult, quote, ToolError, toFailure } from "../src/errors.ts";
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
    expect(message).not.toMatch(/ada|a string|object/);
    expect(message).toContain(facts.reference);
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
