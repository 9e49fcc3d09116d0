import { defineServer, quote, ToolError } from "@org/server-kit";
import pkg from "../package.json" with { type: "json" };
import type { Weather } from "./context.ts";
import { tools } from "./tools/index.ts";

export const weatherServer = defineServer({
  name: "server-weather",
  version: pkg.version,
  title: "Weather",
  instructions: "Counts words and characters exactly. Use it instead of estimating.",
  options: {
    language: { type: "string", default: "en", description: "Language whose rules divide a text into words." },
  },
  open({ language }): Weather {
    try {
      return { segmenter: new Intl.Segmenter(language, { granularity: "word" }) };
    } catch {
      throw new ToolError("invalid_input", `--language: ${quote(language)} is not a language tag such as en or pt-BR.`);
    }
  },
  tools,
});
