import { child, list, type Tree, text } from "../../grammar/tree.ts";

/** Repetitions are counted in a 32-bit integer. */
export const ANY_COUNT = 2 ** 31;

/** Upper bounds for a constant expression: the bytes of its text, and its number. */
export interface Size {
  readonly bytes: number;
  readonly number: number;
  /** The number itself, if it is known exactly. */
  readonly exact?: number;
}

export const sum = (parts: readonly Size[]) => parts.reduce((total, { bytes }) => total + bytes, 0);
export const most = (parts: readonly Size[], key: "bytes" | "number") => Math.max(...parts.map((part) => part[key]));

export function ofText(literal: string): Size {
  const number = Number(literal.trim().replaceAll("_", "") || Number.NaN);
  return { bytes: Buffer.byteLength(literal), ...(Number.isNaN(number) ? { number: ANY_COUNT } : ofNumber(number)) };
}

/** `numeric` keeps up to 131,072 digits. */
const digits = (number: number) => (number > 1e300 ? 150_000 : 32 + Math.log10(number + 1));

const ofNumber = (number: number) => ({ number: Math.abs(number), exact: number });
const bounded = (number: number): Size => ({ bytes: digits(number), number });
const exactly = (number: number): Size => ({ bytes: digits(Math.abs(number)), ...ofNumber(number) });

export function constantSize(node: Tree): Size {
  const integer = child(node, "ival");
  if (integer) return exactly(Number(integer.ival ?? 0));
  const float = text(child(node, "fval"), "fval");
  if (float !== undefined) return exactly(Number(float.replaceAll("_", "")));
  const string = text(child(node, "sval"), "sval") ?? text(child(node, "bsval"), "bsval") ?? "";
  return ofText(string);
}

export function operatorSize(name: string, parts: readonly Size[]): Size {
  const [left, right] = parts;
  if (!left) return bounded(ANY_COUNT);
  if (!right) return name === "-" && left.exact !== undefined ? exactly(-left.exact) : left;
  if (name === "||") return { bytes: left.bytes + right.bytes, number: ANY_COUNT };
  const [a, b] = [left.exact, right.exact];
  const isExact = a !== undefined && b !== undefined;
  switch (name) {
    case "+":
      return isExact ? exactly(a + b) : bounded(left.number + right.number);
    case "-":
      return isExact ? exactly(a - b) : bounded(left.number + right.number);
    case "*":
      return isExact ? exactly(a * b) : bounded(left.number * right.number);
    case "/":
      return isExact ? exactly(a / b) : b !== undefined && Math.abs(b) >= 1 ? bounded(left.number) : bounded(ANY_COUNT);
    case "%":
      return bounded(Math.min(left.number, right.number));
    case "^":
      return isExact ? exactly(a ** b) : bounded(left.number ** right.number);
    default:
      return { bytes: left.bytes + right.bytes, number: ANY_COUNT };
  }
}

const OF_LENGTH =
  /^(length|char_length|character_length|octet_length|bit_length|strpos|position|cardinality|array_length)$/;
const OF_NUMBER = /^(abs|ceil|ceiling|floor|round|trunc|sign|int2|int4|int8|numeric|float8|sqrt|ln|log|mod|div)$/;
const CALENDAR = /^(day|dow|isodow|doy|hour|minute|month|quarter|second|week)$/i;

export function callSize(
  name: string,
  parts: readonly Size[],
  args: readonly Tree[],
  all: (nodes: readonly Tree[]) => readonly Size[] | undefined,
): Size {
  const [first, second, third] = parts;
  const count = Math.min(second?.number ?? 0, ANY_COUNT);
  const total = sum(parts);
  switch (name) {
    case "repeat":
      return { bytes: (second?.exact ?? 1) <= 0 ? 0 : (first?.bytes ?? 0) * count, number: ANY_COUNT };
    case "lpad":
    case "rpad":
      return { bytes: (second?.exact ?? 1) <= 0 ? 0 : count * 4, number: ANY_COUNT };
    case "array_fill": {
      const lengths = all(list(child(args[1], "A_ArrayExpr"), "elements"))?.map(({ number }) => number) ?? [ANY_COUNT];
      return {
        bytes: lengths.reduce((product, length) => product * length, 8 + (first?.bytes ?? 0)),
        number: ANY_COUNT,
      };
    }
    case "replace":
    case "regexp_replace": {
      const each = name === "replace" ? (third?.bytes ?? 0) : (third?.bytes ?? 0) * 2;
      return { bytes: (first?.bytes ?? 0) * Math.max(1, each), number: ANY_COUNT };
    }
    case "format": {
      const widths = [...(text(child(child(args[0], "A_Const"), "sval"), "sval") ?? "").matchAll(/%[-\d$]*?(\d+)/g)];
      return { bytes: widths.reduce((bytes, [, width]) => bytes + Number(width), total), number: ANY_COUNT };
    }
    case "power":
    case "pow":
      return bounded((first?.number ?? 0) ** (second?.number ?? 0));
    case "ascii":
      return bounded(0x10ffff);
    case "date_part":
    case "extract": {
      const field = text(child(child(args[0], "A_Const"), "sval"), "sval") ?? "";
      return bounded(CALENDAR.test(field) ? 366 : ANY_COUNT);
    }
  }
  if (OF_LENGTH.test(name)) return bounded((first?.bytes ?? 0) * 8);
  if (OF_NUMBER.test(name)) return first ? { ...first, bytes: digits(first.number) } : bounded(ANY_COUNT);
  return { bytes: total * 2 + 64, number: ANY_COUNT };
}
