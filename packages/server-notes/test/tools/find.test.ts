import { expect, test } from "vitest";
import { etagOf } from "../../src/etag.ts";
import { useServer } from "../use-server.ts";

const server = useServer({
  "Roadmap.md": "# Roadmap\n\nShip the überraschung in spring. #plan [[Other]] [[Nowhere]] [p](pic.png)\n",
  "projects/Other.md": "The roadmap is in [[Roadmap#Goals]] and [here](../Roadmap.md).\n",
  "projects/日本.md": "会議の議事録を書く\n",
  "pic.png": "png",
});

test("search finds words in any case, accents and scripts, with etags", async () => {
  const { value } = await server.ok("search_notes", { query: "uberraschung" });
  expect(value).toMatchObject({
    total: 1,
    complete: true,
    matched: "all",
    notes: [
      {
        path: "Roadmap.md",
        title: "Roadmap",
        etag: etagOf(server.folder.bytes("Roadmap.md")),
        tags: ["plan"],
        snippet: expect.stringContaining("überraschung"),
      },
    ],
  });
  expect((await server.ok("search_notes", { query: "議事録" })).value).toMatchObject({
    notes: [{ path: "projects/日本.md" }],
  });
  expect((await server.ok("search_notes", { query: "road*", folder: "projects" })).value).toMatchObject({
    notes: [{ path: "projects/Other.md" }],
  });
  expect(await server.error("search_notes", { query: " " })).toMatch(/^invalid_input: /);
});

test("a change by anybody is found by the next search", async () => {
  server.folder.write("New.md", "zebra\n");
  expect((await server.ok("search_notes", { query: "zebra" })).value).toMatchObject({ notes: [{ path: "New.md" }] });
  await server.ok("edit_note", { note: "New.md", operation: "replace_text", old_text: "zebra", new_text: "giraffe" });
  expect((await server.ok("search_notes", { query: "giraffe" })).value).toMatchObject({ notes: [{ path: "New.md" }] });
  expect((await server.ok("search_notes", { query: "zebra" })).value).toMatchObject({ total: 0 });
});

test("lists have pages that join to all notes", async () => {
  const seen: unknown[] = [];
  let cursor: unknown;
  do {
    const args = cursor === undefined ? {} : { cursor };
    const { value } = await server.ok("list_notes", { sort: "title", limit: 1, ...args });
    seen.push(...(Array.isArray(value.notes) ? value.notes.map(({ path }) => path) : []));
    cursor = value.cursor;
  } while (cursor !== undefined);
  expect(seen.sort()).toEqual(["New.md", "Roadmap.md", "projects/Other.md", "projects/日本.md"].sort());
  expect((await server.ok("list_notes", { tag: "#plan" })).value).toMatchObject({
    total: 1,
    notes: [{ path: "Roadmap.md" }],
  });
});

test.each(["list_notes", "search_notes"])("%s says which folder it cannot look into", async (tool) => {
  const args = tool === "search_notes" ? { query: "road*" } : {};
  expect(await server.error(tool, { ...args, folder: "../" })).toMatch(/^access_denied: folder/);
  expect(await server.error(tool, { ...args, folder: ".git" })).toMatch(/^access_denied: folder/);
  expect(await server.error(tool, { ...args, folder: "no/such" })).toMatch(/^not_found: there is no folder "no\/such"/);
  for (const folder of ["", "/", "projects/"]) await server.ok(tool, { ...args, folder });
});

test("an unknown tag names the near ones, in lists and in searches", async () => {
  expect(await server.error("list_notes", { tag: "plam" })).toMatch(/^not_found: .*"#plam".* Nearest: #plan\./);
  expect(await server.error("search_notes", { query: "roadmap", tags: ["#plan", "pln"] })).toMatch(/Nearest: #plan\./);
  expect((await server.ok("search_notes", { query: "nosuchword", tags: ["plan"] })).value).toMatchObject({ total: 0 });
});

test("an empty answer says how much was searched, and a query without a word is refused", async () => {
  const { value, text } = await server.ok("search_notes", { query: "nosuchword", folder: "projects" });
  expect(value).toMatchObject({ total: 0, searched: 2, notes: [] });
  expect(text).toContain("2 notes searched");
  for (const query of ["[[", "- [ ]", ""]) {
    expect(await server.error("search_notes", { query })).toMatch(/^invalid_input: query .*\* for all notes/);
  }
  const all = (await server.ok("list_notes", {})).value.total;
  expect((await server.ok("search_notes", { query: "*" })).value).toMatchObject({ total: all, matched: "all" });
});
