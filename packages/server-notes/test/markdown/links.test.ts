import { expect, test } from "vitest";
import { linksIn } from "../../src/markdown/links.ts";
import { outlineOf } from "../../src/markdown/outline.ts";
import { proseOf } from "../../src/markdown/prose.ts";

const links = (text: string) => linksIn(proseOf(text, outlineOf(text)));
const targets = (text: string) => links(text).map(({ target }) => target);

test("Obsidian's links with headings, blocks and aliases", () => {
  expect(links("[[Note]] [[a/Note#Part|alias]] [[Note#^b1]] [[Note#A#B^c]] ![[pic.png|100]] [[#here]]")).toMatchObject([
    { kind: "wiki", target: "Note" },
    { kind: "wiki", target: "a/Note", heading: "Part", alias: "alias" },
    { kind: "wiki", target: "Note", block: "b1" },
    { kind: "wiki", target: "Note", heading: "A#B", block: "c" },
    { kind: "embed", target: "pic.png", alias: "100" },
    { kind: "wiki", target: "", heading: "here" },
  ]);
});

test("brackets inside of a link belong to it, and [[words]](path) is a Markdown link", () => {
  expect(links("[[Sq]uare]] [[src|a ] b]] [[f[1]|x]] [[open and [[Note]]")).toMatchObject([
    { kind: "wiki", target: "Sq]uare" },
    { kind: "wiki", target: "src", alias: "a ] b" },
    { kind: "wiki", target: "f[1]", alias: "x" },
    { kind: "wiki", target: "Note" },
  ]);
  expect(links("[[Bar]](Foo) ![[Baz]](p.png) [[Bar]](https://x.org) [[Bar]](no link) [[Bar]]()")).toMatchObject([
    { kind: "markdown", target: "Foo" },
    { kind: "markdown", target: "p.png" },
    { kind: "wiki", target: "Bar" },
    { kind: "wiki", target: "Bar" },
  ]);
});

test("a link that holds another is one link", () => {
  expect(targets("[[a](b.md)]] [x](c.md)")).toEqual(["a](b.md)", "c.md"]);
});

test("an escaped exclamation mark embeds nothing", () => {
  expect(links("\\![[Note]]")).toMatchObject([{ kind: "wiki", target: "Note" }]);
});

test("math and tags inside of a link are its name", () => {
  expect(targets("[[$foo]] and [[$bar]] [[a <b> c]] [a](<b c.md>)")).toEqual(["$foo", "$bar", "a <b> c", "b c.md"]);
});

test("in a table the bar is escaped", () => {
  expect(links("| [[Note\\|shown]] |")).toMatchObject([{ target: "Note", alias: "shown" }]);
});

test("Markdown links with titles, angle brackets, escapes, parentheses and pictures", () => {
  expect(
    targets(
      "[a](b.md \"t\") [a](<b c.md> 't') [a](b%20c.md#h) [a](b(1).md) [a](b\\).md) [![p](p.png)](n.md) ![q](/r/q.png)",
    ),
  ).toEqual(["b.md", "b c.md", "b c.md", "b(1).md", "b).md", "p.png", "n.md", "/r/q.png"]);
});

test("a reference leads somewhere, a footnote does not", () => {
  expect(targets("[text][id]\n\n[id]: notes/a.md 'T'\n[^1]: b.md\n")).toEqual(["notes/a.md"]);
});

test("a broken escape stands for itself", () => {
  expect(targets("[a](100%.md)")).toEqual(["100%.md"]);
});

test("web addresses are not links to files", () => {
  expect(
    targets("[a](https://x.org/b.md) [a](mailto:a@b.c) [a](//x/y) <https://x.org> [a](file:///etc/passwd)"),
  ).toEqual([]);
});

test.each([
  "`[[no]]`",
  "``a ` [[no]]``",
  "`a\n[[no]]`",
  "```\n[[no]]\n```",
  "    [[no]]",
  "<!-- [[no]] -->",
  "a <!-- [n](no.md) --> b",
  "---\nx: '[[no]]'\n---\n",
  "$[[no]]$",
  "text $a [[no]]$, more",
  "$$ [[no]] $$",
  "$$\n[[no]]\n\n[[no]]\n$$",
  "> $$\n> [[no]]\n> $$",
  '<span title="[[no]]">text</span>',
  "<a href='x' data-note='[n](no.md)'>text</a>",
  "<img\n  alt='[[no]]'>",
  "- item\n\n      [[no]]",
  "1. item\n\n       [[no]]",
  "- item\n  - inner\n\n        [[no]]",
  "-     [[no]]",
  "> - item\n>\n>       [[no]]",
  "\\[[no]]",
  "[\\[no]]",
  "\\\\\\[[no]]",
  "[[no\nno]]",
  "<span>\n[[no]]\n</span>",
])("%j holds no link", (text) => {
  expect(targets(text)).toEqual([]);
});

test.each([
  "\\`[[yes]]\\`",
  "`a\n\n[[yes]]`",
  "`` [[yes]] `",
  "- item\n    [[yes]]",
  "- item\n\n    [[yes]]",
  "- item\n\n\t[[yes]]",
  "- item\n  - inner\n\n      [[yes]]",
  "\\\\[[yes]]",
  "costs $5, see [[yes]], or $6",
  "$ [[yes]] $",
  "\\$[[yes]]\\$",
  "$a\n\n[[yes]]$",
  '<b title="a > b">[[yes]]</b>',
  "a < b [[yes]] c > d",
  "> ```\n> code\n\n[[yes]]",
  "[[[yes]]]",
])("%j holds a link", (text) => {
  expect(targets(text)).toEqual(["yes"]);
});

test("a target's place is exact", () => {
  const text = 'x [[ Note name #h|a]] ![p]( <a b.png> "t") [l](c%20d.md#e)';
  expect(links(text).map(({ targetStart, targetEnd }) => text.slice(targetStart, targetEnd))).toEqual([
    "Note name",
    "a b.png",
    "c%20d.md",
  ]);
});
