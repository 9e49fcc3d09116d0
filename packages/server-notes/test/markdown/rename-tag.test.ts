import { expect, test } from "vitest";
import { renameTag } from "../../src/markdown/tags/rename-tag.ts";

test("in the text, in any case, with the tags below it, and nowhere else", () => {
  const text = "#Work #work/ideas #workshop `#work` https://x.org/#work [[a#work]] #other/work\n";
  expect(renameTag(text, "work", "job")).toEqual({
    text: "#job #job/ideas #workshop `#work` https://x.org/#work [[a#work]] #other/work\n",
    count: 2,
  });
});

test.each([
  ["tags: [a, work, work/x]", "tags: [a, job, job/x]"],
  ["tags: work", "tags: job"],
  ["tags: a, work b", "tags: a, job b"],
  ["tag: '#work'", "tag: '#job'"],
  ["tags:\n  - work # main\n  - 'home' # other\n  - 007", "tags:\n  - job # main\n  - 'home' # other\n  - 007"],
  ["tags: [work,  007, 1.10]", "tags: [job,  007, 1.10]"],
  ['tags: [a, A, "work"]', 'tags: [a, A, "job"]'],
  ["tags: [work, a, job]", "tags: [a, job]"],
  ["tags: [job, work, work]", "tags: [job]"],
  ["tags: [work, Work, a]", "tags: [job, a]"],
  ["tags:\n  - job # stays\n  - work # goes\n  - x", "tags:\n  - job # stays\n  - x"],
  ["more: &m x\ntags: [*m, work]", "more: &m x\ntags: [*m, job]"],
  ["tags: [work]\r\nother: 1", "tags: [job]\r\nother: 1"],
  ["tags:\n  - work\n  - job", "tags:\n  - job"],
])("in front matter: %j", (before, after) => {
  const note = (tags: string) => `---\nid: 007 # keep\n${tags}\n---\nbody\n`;
  expect(renameTag(note(before), "work", "job").text).toBe(note(after));
});

test("front matter and text together, and a note without the tag untouched", () => {
  const text = "---\ntags: [work]\n---\n#work\n";
  expect(renameTag(text, "work", "job")).toEqual({ text: "---\ntags: [job]\n---\n#job\n", count: 2 });
  expect(renameTag("---\r\ntags: [a]\r\n---\r\nx\r\n", "work", "job").count).toBe(0);
});

test("a name that YAML would read as no text is quoted", () => {
  expect(renameTag("---\ntags: [work]\n---\n", "work", "true").text).toBe('---\ntags: ["true"]\n---\n');
});

test.each([
  "---\nmore: &m work\ntags: [*m]\n---\n",
  "---\nmore: &m [work]\ntags: *m\n---\n",
  "---\ntags: [&m work]\nmore: *m\n---\n",
])("a tag that something else shares is refused: %j", (text) => {
  expect(() => renameTag(text, "work", "job")).toThrow(/cannot be changed key by key/);
});
