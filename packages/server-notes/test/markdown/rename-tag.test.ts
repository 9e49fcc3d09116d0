import { expect, test } from "vitest";
import { renameTag } from "../../src/markdown/rename-tag.ts";

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
  ["tag: '#work'", 'tag: "#job"'],
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
