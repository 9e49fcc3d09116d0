import { quote, ToolError } from "@org/server-kit";
import { FUNCTION_NAMES, type FunctionName, isFunction } from "./functions.ts";

/** The parts of an expression. Nothing else can be named in one, which makes it safe. */
export type Node =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "constant"; readonly name: "pi" | "e" }
  | { readonly kind: "negate" | "percent"; readonly of: Node }
  | { readonly kind: "+" | "-" | "*" | "/" | "^"; readonly left: Node; readonly right: Node }
  | { readonly kind: "call"; readonly name: FunctionName; readonly args: readonly Node[] };

type Token = { readonly text: string; readonly at: number };

const TOKEN = /\s*(?:((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?)|([a-z][a-z0-9]*)|([-+*/^%(),×÷−]))\s*/iuy;
/** Characters that people and texts use for the operators. */
const SAME = new Map([
  ["×", "*"],
  ["÷", "/"],
  ["−", "-"],
]);
const DEEPEST = 100;

/**
 * Parses an expression by precedence: + and -, then * and /, then the sign, then ^ (from the right), then %. @throws
 * ToolError `invalid_input` with the position of the error
 */
export function parse(expression: string): Node {
  const tokens = tokenize(expression);
  let next = 0;
  let depth = 0;

  const node = sum();
  if (next < tokens.length) fail();
  return node;

  function sum(): Node {
    let left = product();
    for (let kind = take("+", "-"); kind; kind = take("+", "-")) left = { kind, left, right: product() };
    return left;
  }

  function product(): Node {
    let left = signed();
    for (let kind = take("*", "/"); kind; kind = take("*", "/")) left = { kind, left, right: signed() };
    return left;
  }

  function signed(): Node {
    return nested(() => {
      if (take("-")) return { kind: "negate", of: signed() };
      if (take("+")) return signed();
      const left = postfix();
      // The right side may have a sign and another power: 2^-3^2 is 2^(-(3^2)).
      return take("^") ? { kind: "^", left, right: signed() } : left;
    });
  }

  function postfix(): Node {
    let node = operand();
    while (take("%")) node = { kind: "percent", of: node };
    return node;
  }

  function operand(): Node {
    if (take("(")) {
      const inner = sum();
      if (!take(")")) fail("a closing bracket");
      return inner;
    }
    const token = tokens[next];
    if (token === undefined || /^[-+*/^%(),]/.test(token.text)) fail("a number");
    next += 1;
    const name = token.text.toLowerCase();
    if (!/^[a-z]/.test(name)) return { kind: "number", text: token.text };
    if (name === "pi" || name === "e") return { kind: "constant", name };
    if (!isFunction(name)) {
      const known = ["pi", "e", ...FUNCTION_NAMES].join(", ");
      throw new ToolError("invalid_input", `unknown name ${quote(token.text)}. There are ${known}.`);
    }
    if (!take("(")) fail(`a bracket after ${name}`);
    const args = [sum()];
    while (take(",")) args.push(sum());
    if (!take(")")) fail("a closing bracket");
    return { kind: "call", name, args };
  }

  /** A thousand nested brackets must not overflow the stack. */
  function nested(make: () => Node): Node {
    depth += 1;
    if (depth > DEEPEST) throw new ToolError("invalid_input", `the expression is nested more than ${DEEPEST} deep.`);
    const node = make();
    depth -= 1;
    return node;
  }

  function take<T extends string>(...wanted: readonly T[]): T | undefined {
    const text = tokens[next]?.text;
    const found = wanted.find((one) => one === text);
    if (found !== undefined) next += 1;
    return found;
  }

  function fail(wanted?: string): never {
    const token = tokens[next];
    const found = token ? `${quote(token.text)} at character ${token.at + 1}` : "the end";
    const expected = wanted === undefined ? "an operator such as + or *" : wanted;
    throw new ToolError("invalid_input", `expected ${expected}, found ${found}.`);
  }
}

function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < expression.length; at = TOKEN.lastIndex) {
    const [whole = "", number, name, sign] = TOKEN.exec(expression) ?? [];
    if (whole === "") {
      if (expression.slice(at).trim() === "") break;
      const [char = ""] = expression.slice(at).trimStart();
      const hint = char === "," || char === "_" || char === "'" ? " Write numbers without separators." : "";
      throw new ToolError("invalid_input", `${quote(char)} at character ${at + 1} has no meaning here.${hint}`);
    }
    const text = number ?? name ?? sign ?? "";
    tokens.push({ text: SAME.get(text) ?? text, at: at + whole.indexOf(text) });
  }
  if (tokens.length === 0)
    throw new ToolError("invalid_input", "the expression is empty. Pass one such as 2 * (3 + 4).");
  return tokens;
}
