import { beforeAll, expect, test } from "vitest";
import { cursorAfter } from "../../src/index/query/paging.ts";
import { collectCleanUps, indexOf, type TestIndex, writeNotes } from "./vault.ts";

let opened: TestIndex;

beforeAll(async () => {
  const { cleanUp, run } = collectCleanUps();
  opened = await indexOf({}, cleanUp);
  const { root } = opened;
  const old = {
    "Roadmap.md": "# Roadmap 2026\n\n#plan See [[alpha]], [beta](projects/Beta.md#goals) and [[missing|gone]].",
    "projects/Alpha.md": "# The Ålpha\n\nBack to [[Roadmap#Goals|the map]] and ![[chart.png]]. #Plan/big #käse",
    "projects/Beta.md": "---\ntitle: Béta\ntags: [plan, KÄSE]\n---\n[up](../Roadmap.md) [[Roadmap]]",
  };
  const recent = { "daily/2026-01-05.md": "Notes of the day. #plan", "other/Alpha.md": "Another one" };
  await writeNotes(root, old, "2026-01-01");
  await writeNotes(root, recent, "2026-01-05");
  await writeNotes(root, { "chart.png": "no text", ".obsidian/app.md": "#hidden", ".trash/old.md": "[[Roadmap]]" });
  return run;
});

const paths = (page: { items: readonly { path: string }[] }) => page.items.map(({ path }) => path);

test("lists by date and title, with folder and tag, in pages", async () => {
  const { index } = opened;
  const list = (options: object) => index.call("list", { sort: "modified", limit: 10, ...options });
  expect(paths(await list({}))).toEqual([
    "daily/2026-01-05.md",
    "other/Alpha.md",
    "Roadmap.md",
    "projects/Alpha.md",
    "projects/Beta.md",
  ]);
  const byTitle = await index.call("list", { sort: "title", limit: 2 });
  expect([byTitle.total, paths(byTitle)]).toEqual([5, ["daily/2026-01-05.md", "other/Alpha.md"]]);
  const next = await index.call("list", { sort: "title", limit: 2, cursor: cursorAfter(byTitle) });
  expect(paths(next)).toEqual(["projects/Beta.md", "Roadmap.md"]);
  expect(paths(await list({ tags: ["plan"] }))).toEqual([
    "daily/2026-01-05.md",
    "Roadmap.md",
    "projects/Alpha.md",
    "projects/Beta.md",
  ]);
  expect(paths(await list({ folder: "projects", tags: ["kase"] }))).toEqual(["projects/Alpha.md", "projects/Beta.md"]);
  const [row] = (await list({ folder: "projects" })).items;
  expect(row).toMatchObject({
    title: "The Ålpha",
    tags: ["Plan/big", "käse"],
    modifiedMs: Date.parse("2026-01-01T12:00:00"),
  });
});

test("counts tags without regard to their spelling, and gives the usual one", async () => {
  expect((await opened.index.call("tags", undefined)).tags).toEqual([
    { tag: "plan", count: 3 },
    { tag: "KÄSE", count: 2 },
    { tag: "Plan/big", count: 1 },
  ]);
});

test("lists files with attachments, nothing hidden, by the beginning of their path", async () => {
  const { index } = opened;
  const all = await index.call("files", { limit: 10 });
  expect(paths(all)).toEqual([
    "Roadmap.md",
    "chart.png",
    "daily/2026-01-05.md",
    "other/Alpha.md",
    "projects/Alpha.md",
    "projects/Beta.md",
  ]);
  expect(all.items[1]).toMatchObject({ isNote: false, size: 7 });
  expect(paths(await index.call("files", { limit: 10, prefix: "PROJECTS/a" }))).toEqual(["projects/Alpha.md"]);
  expect(paths(await index.call("files", { limit: 10, prefix: "%" }))).toEqual([]);
});

test("follows links in both directions as they resolve now", async () => {
  const { index, root } = opened;
  const roadmap = await index.call("links", "Roadmap.md");
  expect(roadmap.backlinks.map(({ path, link }) => `${path} ${link.kind} ${link.alias ?? ""}`.trim()).sort()).toEqual([
    "projects/Alpha.md wiki the map",
    "projects/Beta.md markdown",
    "projects/Beta.md wiki",
  ]);
  expect(roadmap.outgoing.map(({ path }) => path)).toEqual(["other/Alpha.md", "projects/Beta.md"]);
  const noHeading = { link: { target: "projects/Beta.md", heading: "goals" }, missing: "heading" };
  expect(roadmap.broken).toMatchObject([noHeading, { link: { target: "missing", alias: "gone" }, missing: "file" }]);
  expect((await index.call("links", "chart.png")).backlinks).toMatchObject([{ path: "projects/Alpha.md" }]);

  await writeNotes(root, { "missing.md": "here now" });
  expect((await index.call("links", "Roadmap.md")).broken).toMatchObject([noHeading]);
  expect((await index.call("links", "missing.md")).backlinks).toMatchObject([{ path: "Roadmap.md" }]);
});

test.each([
  ["Roadmap.md", ["Roadmap.md"]],
  ["roadmap", ["Roadmap.md"]],
  ["projects/beta", ["projects/Beta.md"]],
  ["Béta", ["projects/Beta.md"]],
  ["be\u0301ta", ["projects/Beta.md"]],
  ["Alpha", ["other/Alpha.md", "projects/Alpha.md"]],
  ["The Ålpha", ["projects/Alpha.md"]],
  ["projects/Alpha.md", ["projects/Alpha.md"]],
  ["Alp", []],
  ["app", []],
])("finds %j", async (note, expected) => {
  expect((await opened.index.call("find", note)).paths).toEqual(expected);
});

test("suggests similar names", async () => {
  expect((await opened.index.call("nearest", "Raodmap")).paths).toEqual(["Roadmap.md"]);
  expect((await opened.index.call("nearest", "zzzzzzzz")).paths).toEqual([]);
});
