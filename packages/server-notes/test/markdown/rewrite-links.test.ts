import { expect, test } from "vitest";
import { fileLookup, resolveLink } from "../../src/markdown/resolve-link.ts";
import { rewriteLinks } from "../../src/markdown/rewrite-links.ts";

const FILES = ["Plan.md", "a/Roadmap.md", "a/b/Deep note.md", "c/Other.md", "c/pic.png", "d/Twin.md", "e/Twin.md"];
const move = (from: string, to: string, files = FILES) => ({
  from,
  to,
  before: fileLookup(files),
  after: fileLookup([...files.filter((path) => path !== from), to]),
});
const rewrite = (text: string, path: string, from: string, to: string) => rewriteLinks(text, path, move(from, to)).text;

test.each([
  ["wiki", "Plan", "x.md", "Plan.md"],
  ["wiki", "plan", "x.md", "Plan.md"],
  ["wiki", "Roadmap", "x.md", "a/Roadmap.md"],
  ["wiki", "b/Deep note", "x.md", "a/b/Deep note.md"],
  ["wiki", "pic.png", "x.md", "c/pic.png"],
  ["wiki", "Twin", "e/x.md", "e/Twin.md"],
  ["wiki", "Twin", "x.md", "d/Twin.md"],
  ["wiki", "/c/Other", "a/x.md", "c/Other.md"],
  ["markdown", "../c/Other.md", "a/x.md", "c/Other.md"],
  ["markdown", "Other", "c/x.md", "c/Other.md"],
  ["markdown", "c/Other.md", "a/x.md", "c/Other.md"],
] as const)("%s link %s in %s leads to %s", (kind, target, from, path) => {
  expect(resolveLink({ kind, target }, from, fileLookup(FILES))).toBe(path);
});

test.each([
  ["the one at exactly this path", "a/x.md", ["Note.md", "a/Note.md", "b/Note.md"], "Note.md"],
  ["the one in the own folder", "b/x.md", ["a/Note.md", "b/Note.md", "b/c/Note.md"], "b/Note.md"],
  ["the shortest path, however deep", "x.md", ["zzzz/Note.md", "a/b/Note.md"], "a/b/Note.md"],
  ["the shortest path, not a folder above", "zzzz/deep/x.md", ["zzzz/Note.md", "b/Note.md"], "b/Note.md"],
])("of notes with the same name, %s", (_, from, files, path) => {
  expect(resolveLink({ kind: "wiki", target: "Note" }, from, fileLookup(files))).toBe(path);
});

test("a move rewrites the links to the moved note, and none to notes of the same name", () => {
  const files = ["a/Note.md", "b/Note.md", "c/Note.md"];
  const go = (path: string) => rewriteLinks("[[Note]]", path, move("b/Note.md", "z/New.md", files)).text;
  expect(["a/x.md", "b/x.md", "c/x.md", "x.md"].map(go)).toEqual(["[[Note]]", "[[New]]", "[[Note]]", "[[Note]]"]);
});

test("a note that arrives takes no links from those of its name", () => {
  const files = ["deep/er/Note.md", "Old.md"];
  expect(rewriteLinks("[[Note]]", "x.md", move("Old.md", "a/Note.md", files)).text).toBe("[[deep/er/Note]]");
});

test.each([
  ['artist: "[[Plan]]"', 'artist: "[[New]]"'],
  ["artist: '[[Plan|Paul''s]]'  # who", "artist: '[[New|Paul''s]]'  # who"],
  ['by: ["[[Plan]]", "[[Twin]]"]', 'by: ["[[New]]", "[[Twin]]"]'],
  [
    "by:\n  - '[[Plan#Goals]]' # first\n  -   \"[[Plan]]\"\nid: 007",
    "by:\n  - '[[New#Goals]]' # first\n  -   \"[[New]]\"\nid: 007",
  ],
  ['a:\n  b: "see [[Plan]], \\u00e9"', 'a:\n  b: "see [[New]], \\u00e9"'],
  ["a: see [[Plan]] there", "a: see [[New]] there"],
  ["a: |\n  [[Plan]]\n\n  text", "a: |\n  [[New]]\n\n  text"],
  ['a: "\\u005b[Plan]]"', 'a: "[[New]]"'],
  ['a: &x "[[Plan]]"\nb: *x', 'a: &x "[[New]]"\nb: *x'],
])("links in front matter follow: %j", (before, after) => {
  const text = (matter: string) => `---\n${matter}\n---\n[[Plan]]\n`;
  expect(rewrite(text(before), "x.md", "Plan.md", "New.md")).toBe(text(after).replace("[[Plan]]\n", "[[New]]\n"));
});

test.each(["# [[Plan]]\na: 1", '"[[Plan]]": 1', "a: [[Plan]]", "a: [broken\nb: '[[Plan]]'"])(
  "what is no link in front matter stays: %j",
  (matter) => {
    const text = `---\n${matter}\n---\n`;
    expect(rewriteLinks(text, "x.md", move("Plan.md", "New.md"))).toEqual({ text, count: 0 });
  },
);

test.each([
  ['a: "[[Plan]]"', 'a: "[[say \\"hi\\"]]"', 'say "hi".md'],
  ["a: '[[Plan]]'", "a: '[[it''s]]'", "it's.md"],
  ["a: see [[Plan]]", 'a: "see [[a: b #1]]"', "a: b #1.md"],
])("a new name that YAML would misread is quoted: %j", (before, after, to) => {
  const expected = to.includes("#") ? 'a: "see [a: b #1](a:%20b%20%231.md)"' : after;
  expect(rewrite(`---\n${before}\n---\n`, "x.md", "Plan.md", to)).toBe(`---\n${expected}\n---\n`);
});

test.each([
  ["wiki", "Nowhere", "x.md"],
  ["wiki", "z/Plan", "x.md"],
  ["markdown", "../../etc/passwd", "a/x.md"],
  ["markdown", "/Roadmap.md", "x.md"],
  ["wiki", "..", "x.md"],
] as const)("%s link %s in %s is broken", (kind, target, from) => {
  expect(resolveLink({ kind, target }, from, fileLookup(FILES))).toBeUndefined();
});

test("links to the moved note follow it, in their own style", () => {
  const text = '[[Plan]] [[Plan#Goals|the plan]] ![[Plan]] [[Plan.md]] [p](Plan.md#goals "t") [p](<Plan.md>) [p](Plan)';
  expect(rewrite(text, "x.md", "Plan.md", "archive/Old plan (1).md")).toBe(
    "[[Old plan (1)]] [[Old plan (1)#Goals|the plan]] ![[Old plan (1)]] [[Old plan (1).md]] " +
      '[p](archive/Old%20plan%20%281%29.md#goals "t") [p](<archive/Old plan (1).md>) [p](archive/Old%20plan%20%281%29)',
  );
});

test("a name that stays enough stays", () => {
  expect(rewrite("[[Roadmap]] [[a/Roadmap]]", "x.md", "a/Roadmap.md", "z/Roadmap.md")).toBe(
    "[[Roadmap]] [[z/Roadmap]]",
  );
});

test("a name that is no longer unambiguous gets its path", () => {
  expect(rewrite("[[Plan]]", "x.md", "Plan.md", "z/Other.md")).toBe("[[z/Other]]");
});

test("a link that would now lead to the moved note keeps its old target", () => {
  expect(rewrite("[[Roadmap]]", "x.md", "Plan.md", "Roadmap.md")).toBe("[[a/Roadmap]]");
});

test("the links of the moved note itself lead where they led", () => {
  const text = "[o](../c/Other.md) ![p](../c/pic.png) [[Roadmap]] [self](Roadmap.md) [web](https://x.org) [[Nowhere]]";
  expect(rewrite(text, "a/Roadmap.md", "a/Roadmap.md", "x/y/Roadmap.md")).toBe(
    "[o](../../c/Other.md) ![p](../../c/pic.png) [[Roadmap]] [self](Roadmap.md) [web](https://x.org) [[Nowhere]]",
  );
});

test("text that only looks like a link stays", () => {
  const text = "`[[Plan]]`\n\n```\n[[Plan]]\n```\n\n[[Planet]] [[z/Plan]]\n";
  expect(rewriteLinks(text, "x.md", move("Plan.md", "q/New.md"))).toEqual({ text, count: 0 });
});

test("a name that no wiki link can hold becomes a Markdown link", () => {
  expect(rewrite("[[Plan#Goals|the plan]] ![[Plan]]", "x.md", "Plan.md", "C# plan.md")).toBe(
    "[the plan](C%23%20plan.md#Goals) ![C# plan](C%23%20plan.md)",
  );
});
