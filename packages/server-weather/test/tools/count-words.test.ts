import { ERAS, useServer } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { weatherServer } from "../../src/server.ts";

describe.each(ERAS)("in the %s era", (era) => {
  const { ok, error } = useServer(weatherServer, { era });

  test("words and characters are counted as readers count them", async () => {
    const { value, text } = await ok("count_words", { text: "Don't panic: 吾輩は猫である." });
    expect(value).toEqual({ words: 7, characters: 21 });
    expect(text).toBe("7 words, 21 characters");
  });

  test("an empty text is refused, with what to do", async () => {
    expect(await error("count_words", { text: "  " })).toBe("invalid_input: text is empty. Pass the text to count.");
  });
});
