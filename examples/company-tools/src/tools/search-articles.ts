import { counted, defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { Hit } from "../company/articles.ts";
import type { Company } from "../context.ts";

export const searchArticles = defineTool({
  name: "search_articles",
  title: "Search the knowledge base",
  description:
    "Returns support articles on a problem, the best first, each with its best passage. Use read_article for the whole text.",
  annotations: READ_ONLY,
  input: z.strictObject({
    query: z.string().max(500).describe("Words of the problem: lamp offline after update. Beginnings of words match."),
    limit: z.int().min(1).max(20).default(5).describe("Articles to return."),
  }),
  output: z.object({ articles: z.array(Hit), searched: z.int().describe("Articles that there are.") }),
  async run({ query, limit }, { desk }: Company) {
    const { articles } = await desk();
    return { articles: articles.search(query, limit), searched: articles.count() };
  },
  render({ articles, searched }, { query }) {
    if (articles.length === 0) {
      return `None of ${counted(searched, "article")} has a word of ${JSON.stringify(query)}. Try other words for it.`;
    }
    return articles
      .map(({ article, title, excerpt }) => `${article}: ${title}\n  ${excerpt.replaceAll("\n", " ")}`)
      .join("\n");
  },
});
