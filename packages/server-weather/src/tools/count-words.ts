import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Weather } from "../context.ts";

export const countWords = defineTool({
  name: "count_words",
  title: "Count words",
  description: "Returns how many words and characters a text has, as its readers count them, in any script.",
  annotations: READ_ONLY,
  input: z.strictObject({ text: z.string().max(100_000).describe("The text, up to 100,000 characters.") }),
  output: z.object({
    words: z.int().describe("Punctuation does not count."),
    characters: z.int().describe("Characters as readers see them: an accented letter is one."),
  }),
  run({ text }, { segmenter }: Weather) {
    if (text.trim() === "") throw new ToolError("invalid_input", "text is empty. Pass the text to count.");
    const words = [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).length;
    return { words, characters: [...new Intl.Segmenter().segment(text)].length };
  },
  render: ({ words, characters }) => `${words} words, ${characters} characters`,
});
