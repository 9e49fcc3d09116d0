/**
 * The functions of an expression, in a separate file so that a description can name them without loading the
 * arithmetic.
 */
export const FUNCTION_NAMES = [
  "abs",
  "cbrt",
  "ceil",
  "cos",
  "exp",
  "floor",
  "ln",
  "log10",
  "log2",
  "max",
  "min",
  "mod",
  "round",
  "sin",
  "sqrt",
  "tan",
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

export const isFunction = (name: string): name is FunctionName => FUNCTION_NAMES.some((known) => known === name);
