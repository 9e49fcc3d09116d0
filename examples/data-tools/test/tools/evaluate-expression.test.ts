import { ERAS, useServer } from "@org/server-kit/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/calculator/evaluate.ts";
import { dataServer } from "../../src/server.ts";

describe.each(ERAS)("in the %s era", (era) => {
  const { ok, error } = useServer(dataServer, { era });

  test.each([
    ["0.1 + 0.2", "0.3"],
    ["9007199254740993 * 3", "27021597764222979"],
    ["2 + 3 * 4 ^ 2 / 6", "10"],
    ["-2 ^ 2", "-4"],
    ["2 ^ 3 ^ 2", "512"],
    ["2 ^ -1", "0.5"],
    ["80 * 15%", "12"],
    ["1.5e3 − .5", "1499.5"],
    ["6 × 7 ÷ 2", "21"],
    ["1/3", `0.${"3".repeat(50)}`],
    ["pi", "3.1415926535897932384626433832795028841971693993751"],
    ["exp(1) - e", "0"],
    ["sqrt(2)", "1.4142135623730950488016887242096980785696718753769"],
    ["round(2.345, 2) + round(-2.5)", "-0.65"],
    ["max(1, min(7, 3), 2) + mod(-7, 3)", "2"],
    ["log10(1000) + log2(8) + ln(e)", "7"],
    ["2^1000", "1.0715086071862673209484250490600018105614048117055e+301"],
  ])("%s is %s", async (expression, value) => {
    expect((await ok("evaluate_expression", { expression })).value).toEqual({ value });
  });

  test.each([
    ["2 +", "invalid_input: expected a number, found the end."],
    ["2 3", 'invalid_input: expected an operator such as + or *, found "3" at character 3.'],
    ["(1 + 2", "invalid_input: expected a closing bracket, found the end."],
    ["1_000", 'invalid_input: "_" at character 2 has no meaning here. Write numbers without separators.'],
    ["1 / (2 - 2)", "invalid_input: the expression divides by zero."],
    ["sqrt(-1)", "invalid_input: the expression has no real value."],
    ["round(1, 2, 3)", "invalid_input: round takes 1 to 2 arguments, not 3."],
    ["9^9^9", "too_large: the value has more than 100,000 digits."],
    ["1e999999999", "too_large: the value has more than 100,000 digits."],
    ["  ", "invalid_input: the expression is empty. Pass one such as 2 * (3 + 4)."],
  ])("%s is refused: %s", async (expression, message) => {
    expect(await error("evaluate_expression", { expression })).toBe(message);
  });

  test.each([
    "process.exit()",
    "constructor",
    "__proto__",
    "toString()",
    "require('fs')",
    "[1][0]",
    "a => a",
    "1;2",
    "`1`",
  ])("%s is not code here", async (expression) => {
    expect(await error("evaluate_expression", { expression })).toMatch(/^invalid_input: /);
  });

  test("brackets without end cost neither time nor stack", async () => {
    expect(await error("evaluate_expression", { expression: "(".repeat(1000) })).toContain("nested more than 100 deep");
    expect(await error("evaluate_expression", { expression: "-".repeat(1000) })).toContain("nested more than 100 deep");
    expect(await error("evaluate_expression", { expression: "sin(1e30)" })).toBe(
      "invalid_input: sin takes angles up to 1e15.",
    );
  });
});

test("sums, differences and products of integers are those of BigInt", () => {
  const term = fc.bigInt(-(10n ** 20n), 10n ** 20n);
  fc.assert(
    fc.property(term, term, term, (a, b, c) => {
      const plain = (value: bigint) => (value < 0n ? `(${value})` : `${value}`);
      const value = evaluate(`${plain(a)} * 3 - ${plain(b)} + ${plain(c)} * 2`);
      expect(value).toBe(String(a * 3n - b + c * 2n));
    }),
  );
});

test("any text is a number or a clear error", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(..."0123456789.e+-*/^%(), pisqrtmax") }), (text) => {
      try {
        expect(evaluate(text)).toMatch(/^-?\d/);
      } catch (error) {
        expect(error).toMatchObject({ name: "ToolError" });
      }
    }),
  );
});
