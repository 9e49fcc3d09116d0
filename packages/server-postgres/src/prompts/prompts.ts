import { definePrompt } from "@org/server-kit";
import * as z from "zod";

const words = (about: string) => z.string().min(1).max(20_000).describe(about);

export const explainSlowQuery = definePrompt({
  name: "explain_slow_query",
  title: "Explain a slow query",
  description: "Asks why a query is slow, and what would make it faster.",
  args: z.strictObject({ sql: words("The query, with $1 where values go if they are not known.") }),
  run: ({ sql }) =>
    [
      "This query is slow:",
      "",
      sql,
      "",
      "Find out why with explain_query: first without analyze, then with it if the plan's cost allows a run. Look at the tables in " +
        "it with describe_table, and ask suggest_indexes. Tell me in plain words where the time goes, naming the node of the plan, " +
        "and whether the planner's estimates are right. Then say what you would change, in this order: the query, an index, the " +
        "statistics, the settings. Give the SQL for each, what it saves and what it costs, and say what you could not measure.",
    ].join("\n"),
});

export const exploreSchema = definePrompt({
  name: "explore_schema",
  title: "Explore the schema",
  description: "Asks where the database keeps what belongs to a topic.",
  args: z.strictObject({ topic: words("What it is about, such as invoices or customer churn.") }),
  run: ({ topic }) =>
    [
      `Find out where the database keeps what belongs to: ${topic}`,
      "Begin with search_schema, with synonyms too. Read each table that matters with describe_table, and follow its foreign keys " +
        "in both directions. Check with a small query what a column really holds before you rely on its name.",
      "Tell me the tables and columns, how they join, what is missing or doubtful, and give one query that answers a typical " +
        "question on the topic. Draw the tables with draw_schema if there are more than three.",
    ].join("\n"),
});

export const writeReport = definePrompt({
  name: "write_report",
  title: "Write a report",
  description: "Asks for an answer to a question from the database, with the figures and the queries behind them.",
  args: z.strictObject({ question: words("What to answer, such as: which products were returned most this year?") }),
  run: ({ question }) =>
    [
      `Answer from the database: ${question}`,
      "Find the tables with search_schema and describe_table. State how you read the question: which rows count, which dates, which " +
        "time zone, what is left out. Compute with query, let the database do the arithmetic, and pass values as params.",
      "Check the result another way, such as a total that must agree. Then write: the answer in one sentence, a small table, " +
        "what it rests on and what it does not say, and the queries.",
    ].join("\n"),
});
