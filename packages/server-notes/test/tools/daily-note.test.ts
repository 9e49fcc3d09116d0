import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
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

test.each(["2026-02-30", "20.11.2026", "today", "0000-00-00", "../x"])("%j is not a day", async (date) => {
  expect(await server.error("open_daily_note", { date })).toMatch(/^invalid_input: date/);
});

describe("in a vault of Obsidian", () => {
  const vault = useServer({
    ".obsidian/daily-notes.json": JSON.stringify({
      folder: "Journal/",
      format: "YYYY/MM-MMMM/YYYY-MM-DD [W]ww",
      template: "Meta/Day",
      autorun: false,
    }),
    ".obsidian/templates.json": JSON.stringify({ folder: "Meta", dateFormat: "Do MMMM", timeFormat: "h:mm a" }),
    "Meta/Day.md": "# {{title}} on the {{date}}, {{ Time }}\n{{date:gggg-[W]ww, dddd}}\n",
  });

  test("folder, name, template and forms of dates are those of its settings", async () => {
    const { value } = await vault.ok("open_daily_note", {});
    expect(value).toMatchObject({ path: "Journal/2026/11-November/2026-11-20 W47.md", created: true });
    expect(value.text).toBe("# 2026-11-20 W47 on the 20th November, 11:30 pm\n2026-W47, Friday\n");
    expect((await vault.ok("open_daily_note", { date: "2026-11-20" })).value.created).toBe(false);
  });

  test("a change of the settings counts from the next call on", async () => {
    vault.folder.write(".obsidian/daily-notes.json", "{}");
    expect((await vault.ok("open_daily_note", {})).value.path).toBe("2026-11-20.md");
    vault.folder.write(".obsidian/daily-notes.json", '{"folder": 7, "format": null}');
    expect((await vault.ok("open_daily_note", { date: "2026-11-21" })).value.path).toBe("2026-11-21.md");
  });

  test.each(["../out", "/../out", ".hidden", "a/../../out"])(
    "a folder %j in the settings is refused",
    async (folder) => {
      vault.folder.write(".obsidian/daily-notes.json", JSON.stringify({ folder }));
      expect(await vault.error("open_daily_note", {})).toMatch(/^(?:access_denied|invalid_input): /);
    },
  );

  test("broken settings count as none", async () => {
    vault.folder.write(".obsidian/daily-notes.json", "{ broken");
    expect((await vault.ok("open_daily_note", {})).value.path).toBe("daily/2026-11-20.md");
  });
});

describe("options come before the settings of the vault", () => {
  const vault = useServer(
    { ".obsidian/daily-notes.json": JSON.stringify({ folder: "Journal", format: "DD.MM.YYYY", template: "Meta/Day" }) },
    "2026-07-28",
    ["--daily-folder", "days", "--templates", "forms"],
  );

  test("a folder that differs only by case is that folder", async () => {
    vault.folder.write("Forms/Daily.md", "no");
    vault.folder.write("Forms/daily.md", "{{title}}!\n");
    mkdirSync(path.join(vault.folder.path, "Days"));
    const { value } = await vault.ok("open_daily_note", {});
    expect(value).toMatchObject({ path: "Days/20.11.2026.md", text: "20.11.2026!\n" });
    expect(readdirSync(vault.folder.path).sort()).toEqual([".obsidian", "Days", "Forms"]);
  });

  test("so it is for a note that is created, moved or looked for", async () => {
    expect((await vault.ok("create_note", { title: "New", content: "x", folder: "DAYS" })).value.path).toBe(
      "Days/New.md",
    );
    vault.folder.write("Other.md", "x");
    expect((await vault.ok("move_note", { note: "Other", to: "days/" })).value.path).toBe("Days/Other.md");
    const { value } = await vault.ok("list_notes", { folder: "days" });
    expect(value.total).toBe(3);
  });
});
