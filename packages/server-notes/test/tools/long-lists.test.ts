import { utimesSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const COUNT = 60;
const name = (at: number) => `${"long name ".repeat(15)}${at}.md`;
const tags = Array.from({ length: 15 }, (_, at) => `#${"tag".repeat(20)}${at}`).join(" ");
const server = useServer(Object.fromEntries(Array.from({ length: COUNT }, (_, at) => [name(at), `Apples. ${tags}\n`])));

const day = (at: number) => `2026-0${1 + Math.floor(at / 28)}-${String(1 + (at % 28)).padStart(2, "0")}`;

beforeAll(() => {
  for (let at = 0; at < COUNT; at += 1) {
    const changed = new Date(`${day(at)}T12:00:00`);
    utimesSync(path.join(server.folder.path, name(at)), changed, changed);
  }
});

async function all(tool: string, args: object): Promise<{ names: unknown[]; pages: number }> {
  const names: unknown[] = [];
  let cursor: unknown;
  let pages = 0;
  do {
    const { value, text } = await server.ok(tool, { ...args, ...(cursor !== undefined && { cursor }) });
    expect(text.length).toBeLessThan(40_000);
    names.push(...(Array.isArray(value.notes) ? value.notes.map(({ path }) => path) : []));
    cursor = value.cursor;
    pages += 1;
  } while (cursor !== undefined);
  return { names, pages };
}

test("pages that are cut to fit join to all notes, each once", async () => {
  for (const [tool, args] of [
    ["list_notes", { limit: 200 }],
    ["search_notes", { query: "apple", limit: 50 }],
  ] as const) {
    const { names, pages } = await all(tool, args);
    expect([...names].sort(), tool).toEqual(Array.from({ length: COUNT }, (_, at) => name(at)).sort());
    expect(pages).toBeGreaterThan(1);
  }
});

test("lists go from the oldest, and between two days", async () => {
  const { names } = await all("list_notes", { sort: "oldest", limit: 200 });
  expect(names).toEqual(Array.from({ length: COUNT }, (_, at) => name(at)));
  const some = await all("list_notes", { sort: "oldest", after: day(10), before: day(13) });
  expect(some.names).toEqual([name(10), name(11), name(12)]);
  expect(await server.error("list_notes", { after: "yesterday" })).toMatch(/^invalid_input: after .*2026-03-31/);
});
