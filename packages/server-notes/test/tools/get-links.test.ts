import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer({
  "Roadmap.md":
    "[[Other]] ![[pic.png]] [[Nowhere]] [[Other#Goals]] [[Other#Nope]] [[Other#^id]] [[Other#^none]] [[#Here]]\n# Here\n",
  "projects/Other.md":
    '---\npartner: "[[Roadmap]]"\nlost:\n  - "[[Gone]]"\n---\n## Goals\ntext ^id\n[[Roadmap|r]] [[#Missing]]\n',
  "pic.png": "png",
  "paper.pdf": "pdf",
  "Attachments.md": "![[paper.pdf#page=2]] [[pic.png]]\n",
});

test("links in both directions, and what is missing for those that lead nowhere", async () => {
  const { value, text } = await server.ok("get_links", { note: "Roadmap" });
  expect(value).toMatchObject({
    path: "Roadmap.md",
    backlinks: [{ path: "projects/Other.md", title: "Other" }],
    outgoing: [
      { path: "projects/Other.md", link: "Other" },
      { path: "pic.png", link: "pic.png" },
      { path: "projects/Other.md", link: "Other#Goals" },
      { path: "projects/Other.md", link: "Other#Nope" },
      { path: "projects/Other.md", link: "Other#^id" },
      { path: "projects/Other.md", link: "Other#^none" },
    ],
    broken: [
      { path: "Roadmap.md", link: "Nowhere", missing: "file" },
      { path: "Roadmap.md", link: "Other#Nope", missing: "heading" },
      { path: "Roadmap.md", link: "Other#^none", missing: "block" },
    ],
  });
  expect(value).not.toHaveProperty("cursor");
  expect(text).toContain('"Other#Nope" (no such heading)');
});

test("a heading that is added mends the link", async () => {
  server.folder.write("Late.md", "x\n");
  server.folder.write("to late.md", "[[Late#Soon]]\n");
  expect((await server.ok("get_links", { note: "to late" })).value.broken).toHaveLength(1);
  await server.ok("edit_note", { note: "Late", operation: "append", content: "## Soon\n" });
  await expect.poll(async () => (await server.ok("get_links", { note: "to late" })).value.broken_total).toBe(0);
});

test("the front matter's links count, and a note's links to its own headings are checked", async () => {
  const { value } = await server.ok("get_links", { note: "Other" });
  expect(value).toMatchObject({
    outgoing: [{ path: "Roadmap.md", link: "Roadmap" }],
    broken: [
      { path: "projects/Other.md", link: "Gone", missing: "file" },
      { path: "projects/Other.md", link: "#Missing", missing: "heading" },
    ],
  });
  expect((await server.ok("get_links", { note: "Attachments" })).value.broken).toEqual([]);
});

test("without a note, the broken links of all notes, in pages", async () => {
  const first = await server.ok("get_links", { limit: 3 });
  expect(first.value).toMatchObject({ broken_total: 5, backlinks: [], outgoing: [] });
  expect(first.text).toMatch(/^Broken in all notes: 5\n/);
  const second = await server.ok("get_links", { limit: 3, cursor: first.value.cursor });
  expect(second.value).not.toHaveProperty("cursor");
  expect([first.value.broken, second.value.broken].flat()).toEqual([
    { path: "Roadmap.md", link: "Nowhere", missing: "file" },
    { path: "Roadmap.md", link: "Other#Nope", missing: "heading" },
    { path: "Roadmap.md", link: "Other#^none", missing: "block" },
    { path: "projects/Other.md", link: "Gone", missing: "file" },
    { path: "projects/Other.md", link: "#Missing", missing: "heading" },
  ]);
});

test("pages go through backlinks, outgoing and broken ones in turn", async () => {
  const all = (await server.ok("get_links", { note: "Roadmap" })).value;
  const seen: Record<string, unknown[]> = { backlinks: [], outgoing: [], broken: [] };
  let cursor: unknown;
  do {
    const { value } = await server.ok("get_links", {
      note: "Roadmap",
      limit: 2,
      ...(cursor !== undefined && { cursor }),
    });
    for (const [name, rows] of Object.entries(seen)) rows.push(...[value[name]].flat());
    cursor = value.cursor;
  } while (cursor !== undefined);
  expect(seen).toEqual({ backlinks: all.backlinks, outgoing: all.outgoing, broken: all.broken });
});

test("a cursor of another question is refused", async () => {
  const { value } = await server.ok("get_links", { limit: 1 });
  expect(await server.error("get_links", { note: "Roadmap", cursor: value.cursor })).toMatch(/^invalid_input: cursor/);
  expect(await server.error("get_links", { cursor: "x" })).toMatch(/^invalid_input: cursor/);
});
