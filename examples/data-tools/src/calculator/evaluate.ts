import { ToolError } from "@org/server-kit";
import { Decimal as DefaultDecimal } from "decimal.js";
import type { FunctionName } from "./functions.ts";
import { type Node, parse } from "./parse.ts";

/** Digits of a result. It is computed with more, so that the last digit shown is right. */
const SHOWN = 50;
const Decimal = DefaultDecimal.clone({ precision: 70, maxE: 100_000, minE: -100_000, toExpPos: 40, toExpNeg: -12 });
type Decimal = DefaultDecimal;

/** The minimum and maximum number of arguments of a function. */
const ARGUMENTS: Partial<Record<FunctionName, readonly [number, number]>> = {
  max: [1, 100],
  min: [1, 100],
  mod: [2, 2],
  round: [1, 2],
};

/** Sines of larger numbers would need more digits of pi than decimal.js has. */
const LARGEST_ANGLE = 1e15;

/**
 * The value of an expression, with 50 digits. @throws ToolError `invalid_input` for an invalid expression, or one
 * without a value
 */
export function evaluate(expression: string): string {
  const value = compute(parse(expression));
  if (value.isNaN()) throw new ToolError("invalid_input", "the expression has no real value.");
  if (!value.isFinite()) throw new ToolError("too_large", "the value has more than 100,000 digits.");
  return value.toSignificantDigits(SHOWN).toString();
}

function compute(node: Node): Decimal {
  switch (node.kind) {
    case "number":
      return new Decimal(node.text);
    case "constant":
      return node.name === "pi" ? Decimal.acos(-1) : Decimal.exp(1);
    case "negate":
      return compute(node.of).negated();
    case "percent":
      return compute(node.of).dividedBy(100);
    case "call":
      return apply(node.name, node.args.map(compute));
    default:
      return combine(node.kind, compute(node.left), compute(node.right));
  }
}

function combine(operator: "+" | "-" | "*" | "/" | "^", left: Decimal, right: Decimal): Decimal {
  switch (operator) {
    case "+":
      return left.plus(right);
    case "-":
      return left.minus(right);
    case "*":
      return left.times(right);
    case "/":
      if (right.isZero()) throw new ToolError("invalid_input", "the expression divides by zero.");
      return left.dividedBy(right);
    case "^":
      return left.pow(right);
  }
}

function apply(name: FunctionName, args: readonly Decimal[]): Decimal {
  const [least, most] = ARGUMENTS[name] ?? [1, 1];
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new ToolError("invalid_input", `${name} takes ${wanted} arguments, not ${args.length}.`);
  }
  const [value = new Decimal(0), second] = args;
  switch (name) {
    case "max":
      return Decimal.max(...args);
    case "min":
      return Decimal.min(...args);
    case "mod":
      return value.modulo(second ?? 1);
    case "round":
      return value.toDecimalPlaces(placesOf(second), Decimal.ROUND_HALF_UP);
    case "log10":
      return Decimal.log10(value);
    case "log2":
      return Decimal.log2(value);
    case "sin":
    case "cos":
    case "tan":
      if (value.abs().greaterThan(LARGEST_ANGLE))
        throw new ToolError("invalid_input", `${name} takes angles up to 1e15.`);
      return value[name]();
    default:
      return value[name]();
  }
}

function placesOf(places: Decimal | undefined): number {
  if (places === undefined) return 0;
  if (places.isInteger() && places.gte(0) && places.lte(SHOWN)) return places.toNumber();
  throw new ToolError("invalid_input", `round takes 0 to ${SHOWN} decimal places.`);
}
