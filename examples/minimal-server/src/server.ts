import { defineServer, defineTool, quote, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import pkg from "../package.json" with { type: "json" };

/** What handlers share: made once, when the process starts. */
interface Words {
  readonly segmenter: Intl.Segmenter;
}

const countWords = defineTool({
  name: "count_words",
  title: "Count words",
  description: "Returns how many words and characters a text has, as its readers count them, in any script.",
  annotations: READ_ONLY,
  input: z.strictObject({ text: z.string().max(100_000).describe("The text, up to 100,000 characters.") }),
  output: z.object({
    words: z.int().describe("Words; punctuation is none."),
    characters: z.int().describe("Characters as they are seen: an accented letter is one."),
  }),
  run({ text }, { segmenter }: Words) {
    if (text.trim() === "") throw new ToolError("invalid_input", "text is empty. Pass the text to count.");
    const words = [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).length;
    return { words, characters: [...new Intl.Segmenter().segment(text)].length };
  },
  render: ({ words, characters }) => `${words} words, ${characters} characters`,
});

export const wordsServer = defineServer({
  name: "server-words",
  version: pkg.version,
  title: "Words",
  instructions: "Counts words and characters exactly. Use it instead of counting by heart.",
  options: {
    language: { type: "string", default: "en", description: "Language whose rules divide a text into words." },
  },
  open({ language }): Words {
    try {
      return { segmenter: new Intl.Segmenter(language, { granularity: "word" }) };
    } catch {
      throw new ToolError("invalid_input", `--language: ${quote(language)} is not a language tag such as en or pt-BR.`);
    }
  },
  tools: [countWords],
});
