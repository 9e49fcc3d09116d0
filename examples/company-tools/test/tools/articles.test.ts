import { ERAS, useServer } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { companyServer } from "../../src/server.ts";

describe.each(ERAS)("in the %s era", (era) => {
  const { ok, error, client } = useServer(companyServer, { era, args: (folder) => [folder.path] });

  test("the best article comes first, and every word counts", async () => {
    const { value } = await ok("search_articles", { query: "lamp offline after update" });
    expect(value).toMatchObject({ searched: 8, articles: [{ article: "lamp-offline" }] });
    expect((await ok("search_articles", { query: "flickering dimmers" })).value).toMatchObject({
      articles: [{ article: "flicker" }],
    });
  });

  test.each(['"', "NEAR(", "lamp AND", "title:lamp", "*"])(
    "%j is text and no operator of the search",
    async (query) => {
      const { isError, content } = await client().callTool({ name: "search_articles", arguments: { query } });
      expect(isError === true && !JSON.stringify(content).includes("has no word")).toBe(false);
    },
  );

  test("an article comes as it is written, and a wrong name is refused with the right one", async () => {
    const { blocks } = await ok("read_article", { article: "reset-a-lamp" });
    expect(blocks[0]).toMatch(/^# Reset a lamp\n/);
    expect(await error("read_article", { article: "reset-lamp" })).toContain("Did you mean reset-a-lamp?");
    expect(await error("read_article", { article: "../policies/refunds" })).toMatch(/^not_found/);
  });

  test("policies are listed, completed and read", async () => {
    const { resources } = await client().listResources();
    expect(resources.map(({ uri }) => uri).sort()).toEqual([
      "policies://personal-data",
      "policies://refunds",
      "policies://support-hours",
    ]);
    const { completion } = await client().complete({
      ref: { type: "ref/resource", uri: "policies://{policy}" },
      argument: { name: "policy", value: "re" },
    });
    expect(completion.values).toEqual(["refunds"]);
    const { contents } = await client().readResource({ uri: "policies://refunds" });
    expect(contents).toMatchObject([{ mimeType: "text/markdown", text: expect.stringMatching(/^# Refunds/) }]);
    await expect(client().readResource({ uri: "policies://..%2Fcustomers" })).rejects.toThrow();
  });

  test("the prompt includes the customer's data and the problem", async () => {
    const { messages } = await client().getPrompt({
      name: "answer_customer",
      arguments: { customer: "C-1002", question: "My lamp flickers!" },
    });
    expect(JSON.stringify(messages)).toMatch(/Café Miró.*My lamp flickers!.*flicker/s);
  });
});
