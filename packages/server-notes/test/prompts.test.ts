import { expect, test } from "vitest";
import { useServer } from "./use-server.ts";

const server = useServer({
  "Budget.md": "The budget for 2026. #money/plan\n",
  "Other.md": "nothing\n",
  "templates/meeting.md": "# {{title}}\n\nDate: {{date}}\n",
  "templates/review.md": "# {{title}}\n",
});
const prompt = async (name: string, args: Record<string, string>) => {
  const { messages } = await server.client().getPrompt({ name, arguments: args });
  const [message] = messages;
  return message?.content.type === "text" ? message.content.text : "";
};
const complete = async (name: string, argument: { name: string; value: string }) =>
  (await server.client().complete({ ref: { type: "ref/prompt", name }, argument })).completion.values;

test("summarize_notes names the notes that a search finds", async () => {
  const text = await prompt("summarize_notes", { topic: "budget" });
  expect(text).toContain("- Budget.md: Budget");
  expect(text).not.toContain("Other.md");
  expect(await prompt("summarize_notes", { topic: "#money" })).toContain("- Budget.md: Budget");
  await expect(prompt("summarize_notes", { topic: "unheard-of" })).rejects.toMatchObject({ code: -32602 });
  expect(await complete("summarize_notes", { name: "topic", value: "#mon" })).toEqual(["#money/plan"]);
});

test("review_week lists the changes", async () => {
  expect(await prompt("review_week", {})).toMatch(/4 notes have changed since \d{4}-\d\d-\d\d:\n- \d{4}-\d\d-\d\d \w/);
});

test("write_note_from_template fills the template in", async () => {
  const text = await prompt("write_note_from_template", { template: "meeting", title: "Kick-off" });
  expect(text).toMatch(/\n# Kick-off\n\nDate: \d{4}-\d\d-\d\d\n/);
  expect(await complete("write_note_from_template", { name: "template", value: "m" })).toEqual(["meeting"]);
  await expect(prompt("write_note_from_template", { template: "none", title: "x" })).rejects.toThrow(
    /There are "meeting", "review"/,
  );
  await expect(prompt("write_note_from_template", { template: "../Budget", title: "x" })).rejects.toMatchObject({});
});
