import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Company } from "../context.ts";

export const readArticle = defineTool({
  name: "read_article",
  title: "Read an article",
  description: "Returns one support article as Markdown. Use search_articles to find it.",
  annotations: READ_ONLY,
  input: z.strictObject({
    article: z.string().min(1).max(100).describe("As search_articles names it: reset-a-lamp."),
  }),
  async run({ article }, { desk }: Company) {
    const { slug, title, body } = (await desk()).articles.read(article);
    return [body, `article: ${slug}, title: ${title}`];
  },
});
