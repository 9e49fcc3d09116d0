import { defineServer, quote, ToolError } from "@org/server-kit";
import pkg from "../package.json" with { type: "json" };
import type { Git } from "./context.ts";
import { tools } from "./tools/index.ts";

export const gitServer = defineServer({
  name: "server-git",
  version: pkg.version,
  title: "Git",
  instructions: "Counts words and characters exactly. Use it instead of estimating.",
  options: {
    language: { type: "string", default: "en", description: "Language whose rules divide a text into words." },
  },
  open({ language }): Git {
    try {
      return { segmenter: new Intl.Segmenter(language, { granularity: "word" }) };
    } catch {
      throw new ToolError("invalid_input", `--language: ${quote(language)} is not a language tag such as en or pt-BR.`);
    }
  },
  tools,
});
