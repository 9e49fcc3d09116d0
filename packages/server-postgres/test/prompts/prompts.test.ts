import { connect } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { postgresServer } from "../../src/server.ts";

test.each([
  ["explain_slow_query", { sql: "SELECT 1 FROM big" }, "explain_query"],
  ["explore_schema", { topic: "invoices" }, "search_schema"],
  ["write_report", { question: "How many?" }, "query"],
] as const)("%s names what was asked, and only tools that there are", async (name, args, tool) => {
  await using connection = await connect(postgresServer);
  const { messages } = await connection.client.getPrompt({ name, arguments: args });
  const [message] = messages;
  const text = message?.content.type === "text" ? message.content.text : "";
  expect(text).toContain(Object.values(args)[0]);
  expect(text).toContain(tool);
  const tools = (await connection.client.listTools()).tools.map((one) => one.name);
  for (const [named] of text.matchAll(/\b(?!params)[a-z]+_[a-z]+\b/g)) expect(tools).toContain(named);
});
