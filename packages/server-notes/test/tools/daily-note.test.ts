import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer({
  "templates/daily.md":
    "---\ncreated: {{date}}\n---\n# {{title}}\n\n{{date:dddd D MMMM YYYY}}, {{unknown}}\n\n- first\n",
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(2026, 10, 20, 23, 30) });
});
afterEach(() => {
  vi.useRealTimers();
});

test("today's note is made from the template once, and content is added", async () => {
  const { value } = await server.ok("open_daily_note", {});
  const text = "---\ncreated: 2026-11-20\n---\n# 2026-11-20\n\nFriday 20 November 2026, {{unknown}}\n\n- first\n";
  expect(value).toMatchObject({ path: "daily/2026-11-20.md", created: true, text });
  const again = await server.ok("open_daily_note", { content: "- second" });
  expect(again.value).toMatchObject({ created: false, text: `${text}- second\n` });
  expect(server.folder.read("daily/2026-11-20.md")).toBe(`${text}- second\n`);
});

test("another day, at the same time from several sides, is one note with all that was added", async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      server.ok("open_daily_note", { date: "2024-02-29", content: `- entry ${at}` }),
    ),
  );
  const text = server.folder.read("daily/2024-02-29.md");
  expect(text).toContain("Thursday 29 February 2024");
  expect(text.match(/- entry \d/g)?.sort()).toEqual(Array.from({ length: 8 }, (_, at) => `- entry ${at}`));
});

test.each(["2026-02-30", "20.11.2026", "today", "0000-00-00", "../x"])("%j is no day", async (date) => {
  expect(await server.error("open_daily_note", { date })).toMatch(/^invalid_input: date/);
});
