import { connect, ERAS } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { wordsServer } from "../src/server.ts";

async function count(text: string, era = ERAS[0]) {
  await using connection = await connect(wordsServer, { era });
  return await connection.client.callTool({ name: "count_words", arguments: { text } });
}

test.each(ERAS)("counts what readers count, in the %s era", async (era) => {
  const { structuredContent, content } = await count("Don't panic: 吾輩は猫である.", era);
  expect(structuredContent).toEqual({ words: 7, characters: 21 });
  expect(content).toEqual([{ type: "text", text: "7 words, 21 characters" }]);
});

test("an empty text is refused in words", async () => {
  expect(await count("  ")).toMatchObject({
    isError: true,
    content: [{ text: "invalid_input: text is empty. Pass the text to count." }],
  });
});

test("a language that cannot be is refused at the start", async () => {
  await expect(connect(wordsServer, { args: ["--language", "not a tag"] })).rejects.toThrow("is not a language tag");
});
