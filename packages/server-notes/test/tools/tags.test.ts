import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer({
  "a.md": "---\ntags: [work, home]\n---\n#work/ideas\n",
  "b.md": "#Work and #other\n",
  "c.md": "no tags, `#work`\n",
});

test("tags are counted by note", async () => {
  const { value } = await server.ok("list_tags", {});
  expect(value).toMatchObject({ total: 4 });
  expect(value.tags).toContainEqual(expect.objectContaining({ tag: expect.stringMatching(/^work$/i), count: 2 }));
});

test("a dry run changes nothing and says what would", async () => {
  const before = server.folder.read("a.md");
  const { value } = await server.ok("rename_tag", { from: "#work", to: "job", dry_run: true });
  expect(value).toEqual({
    from: "work",
    to: "job",
    renamed: 3,
    notes: ["a.md", "b.md"],
    notes_total: 2,
    failed: [],
    dry_run: true,
  });
  expect(server.folder.read("a.md")).toBe(before);
});

test("renaming reaches text and front matter of every note", async () => {
  await server.ok("rename_tag", { from: "work", to: "job" });
  expect(server.folder.read("a.md")).toBe("---\ntags: [job, home]\n---\n#job/ideas\n");
  expect(server.folder.read("b.md")).toBe("#job and #other\n");
  expect(server.folder.read("c.md")).toBe("no tags, `#work`\n");
});

test("the same call again finds nothing left to do, another one nothing at all", async () => {
  const { value, text } = await server.ok("rename_tag", { from: "work", to: "job" });
  expect(value).toMatchObject({ renamed: 0, notes: [], failed: [] });
  expect(text).toMatch(/^Nothing left to rename/);
  expect(await server.error("rename_tag", { from: "work", to: "other" })).toMatch(
    /^not_found: no note has the tag "work"/,
  );
  expect(await server.error("rename_tag", { from: "jib", to: "x" })).toMatch(/Nearest: "job"/);
});

test("a note that cannot be changed is named with the reason", async () => {
  const text = "---\nlabels: &x [gone]\ntags: *x\n---\n";
  server.folder.write("alias.md", text);
  server.folder.write("plain.md", "#gone\n");
  const { value } = await server.ok("rename_tag", { from: "gone", to: "back" });
  expect(value).toMatchObject({
    notes: ["plain.md"],
    failed: [{ path: "alias.md", reason: expect.stringContaining("alias") }],
  });
  expect(server.folder.read("alias.md")).toBe(text);
});

test.each([
  [{ from: "a b", to: "c" }, /"a b" is not a tag/],
  [{ from: "a", to: "1" }, /"1" is not a tag/],
  [{ from: "a", to: "#a" }, /same tag/],
  [{ from: "a", to: "A/b" }, /below from/],
])("%j is refused", async (args, message) => {
  expect(await server.error("rename_tag", args)).toMatch(message);
});
