import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { nearest, quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { type Database, rows } from "./database.ts";

export const Hit = z.object({
  article: z.string().describe("What read_article takes."),
  title: z.string(),
  excerpt: z.string().describe("The passage that fits best, with the words found in «guillemets»."),
});

const Article = z.object({ slug: z.string(), title: z.string(), body: z.string() });

export type Articles = ReturnType<typeof openArticles>;

/**
 * The knowledge base: the Markdown files of a folder. They are indexed in this connection's memory at each start, so
 * edits are picked up, and no two processes disagree about an index on disk.
 */
export function openArticles(db: Database, folder: string) {
  db.exec("CREATE VIRTUAL TABLE temp.articles USING fts5(slug UNINDEXED, title, body, tokenize = 'porter unicode61')");
  const insert = db.prepare("INSERT INTO temp.articles VALUES (?, ?, ?)");
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".md")) continue;
    const body = readFileSync(path.join(folder, file), "utf8");
    const title = /^# (.+)$/m.exec(body)?.[1] ?? file;
    insert.all(path.basename(file, ".md"), title, body);
  }

  /** A word in the title counts five times as much as one in the body. */
  const find = (query: string, limit: number) =>
    rows(
      db,
      Hit,
      "SELECT slug AS article, title, snippet(articles, 2, '«', '»', '…', 24) AS excerpt FROM temp.articles " +
        "WHERE articles MATCH ? ORDER BY bm25(articles, 0, 5, 1) LIMIT ?",
      query,
      limit,
    );

  return {
    count: () => all().length,
    /** Articles with all words, or else with any of them, best first. */
    search(text: string, limit: number) {
      // Each word is quoted, so that FTS5 operators are read as words.
      const words = (text.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 20).map((word) => `"${word}"*`);
      if (words.length === 0)
        throw new ToolError("invalid_input", "query has no word. Pass words such as lamp offline.");
      const strict = find(words.join(" "), limit);
      return strict.length > 0 ? strict : find(words.join(" OR "), limit);
    },
    /** @throws ToolError `not_found` with the nearest names */
    read(slug: string) {
      const articles = all();
      const article = articles.find((one) => one.slug === slug);
      if (article) return article;
      const near = nearest(
        slug,
        articles.map((one) => [one.slug, one.slug] as const),
      );
      const hint = near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : "";
      throw new ToolError("not_found", `there is no article ${quote(slug)}.${hint} search_articles finds articles.`);
    },
  };

  function all() {
    return rows(db, Article, "SELECT slug, title, body FROM temp.articles");
  }
}
