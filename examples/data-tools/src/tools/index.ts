import { evaluateExpression } from "./evaluate-expression.ts";
import { getSystemInfo } from "./get-system-info.ts";

/** In the order of the README. */
export const tools = [evaluateExpression, getSystemInfo];
