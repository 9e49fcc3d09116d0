import { defineServer, quote, ToolError } from "@org/server-kit";
import pkg from "../package.json" with { type: "json" };
import type { Postgres } from "./context.ts";
import { tools } from "./tools/index.ts";

export const postgresServer = defineServer({
  name: "server-postgres",
  version: pkg.version,
  title: "Postgres",
  instructions: "Counts words and characters exactly. Use it instead of estimating.",
  options: {
    language: { type: "string", default: "en", description: "Language whose rules divide a text into words." },
  },
  open({ language }): Postgres {
    try {
      return { segmenter: new Intl.Segmenter(language, { granularity: "word" }) };
    } catch {
      throw new ToolError("invalid_input", `--language: ${quote(language)} is not a language tag such as en or pt-BR.`);
    }
  },
  tools,
});
