import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { FUNCTION_NAMES } from "../calculator/functions.ts";

export const evaluateExpression = defineTool({
  name: "evaluate_expression",
  title: "Evaluate an expression",
  description: "Returns the value of an arithmetic expression, in decimal, with up to 50 digits: 0.1 + 0.2 is 0.3.",
  annotations: READ_ONLY,
  input: z.strictObject({
    expression: z
      .string()
      .min(1)
      .max(1000)
      .describe(
        `Numbers, + - * / ^ ( ), % for hundredths (80 * 15%), pi, e, and ${FUNCTION_NAMES.join(", ")}. Angles are in radians. ` +
          "Up to 1000 characters.",
      ),
  }),
  output: z.object({
    value: z.string().describe("The value, as a decimal number; 1.5e+80 when it is very large or small."),
  }),
  async run({ expression }) {
    // decimal.js is only loaded by the first calculation.
    const { evaluate } = await import("../calculator/evaluate.ts");
    return { value: evaluate(expression) };
  },
  render: ({ value }, { expression }) => `${expression.trim()} = ${value}`,
});
