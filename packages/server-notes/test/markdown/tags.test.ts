import { expect, test } from "vitest";
import { facts } from "../../src/markdown/facts.ts";
import { frontMatterTags, isTag } from "../../src/markdown/tags/tags.ts";

const tags = (text: string) => facts(text, "x.md").tags;

test("tags of any script, with levels, dashes and emoji", () => {
  expect(tags("#work #a/b-c_d #тег #日本語 #हिन्दी #2026-plan #🚀 (#par) **#bold** #end.")).toEqual([
    ..."work a/b-c_d тег 日本語 हिन्दी 2026-plan 🚀 par bold end".split(" "),
  ]);
});

test.each([
  ["digits alone", "#2026 #1/2"],
  ["headings", "# Heading\n## Other"],
  ["a word with a hash", "C#sharp a#b"],
  ["addresses", "https://x.org/#frag https://x.org/a#frag"],
  ["links", "[[Note#Heading]] [a](#part) [a](b.md#part)"],
  ["entities", "&#123; &#xE9;"],
  ["code", "`#no`\n\n```\n#no\n```\n\n    #no"],
  ["an escape", "\\#no"],
  ["comments", "<!-- #no -->"],
  ["math", "$#no$ $$ #no $$\n\n$$\n#no\n$$"],
  ["attributes of HTML", "<b title=\"#no\" class='a #no'>x</b>"],
  ["code in a list", "- item\n\n      #no"],
  ["digits before another tag", "#12#no"],
  ["a second mark", "##no"],
  ["an underscore that belongs to a word", "snake_#no"],
])("%s are no tags", (_, text) => {
  expect(tags(text)).toEqual([]);
});

test.each([
  ["#one#two", ["one", "two"]],
  ["#one/#two#three x", ["one", "two", "three"]],
  ["_#done_ and __#loud__", ["done", "loud"]],
  ["_all of #this_ and #that_", ["this", "that_"]],
  ["_#snake_case_ #snake_case", ["snake_case"]],
  ["the _first_#glued", ["glued"]],
  ['(#par) "#quoted" [#bracketed]', ["par", "quoted", "bracketed"]],
  ["[[Note]]#after `code`#also [x](y.md)#too", ["after", "also", "too"]],
  ["| a | b |\n|---|---|\n|#cell|x|", ["cell"]],
  ["[text with #tag](https://x.org/#no)", ["tag"]],
])("%j holds %j", (text, expected) => {
  expect(tags(text)).toEqual(expected);
});

test("a slash at the end is not part of a tag", () => {
  expect(tags("#a/ and #b//c")).toEqual(["a"]);
});

test("front matter lists tags in many ways", () => {
  expect(frontMatterTags({ tags: ["a", "#b", 2026, null, { c: 1 }] })).toEqual(["a", "b", "2026"]);
  expect(frontMatterTags({ tags: "a, #b c" })).toEqual(["a", "b", "c"]);
  expect(frontMatterTags({ Tag: "a" })).toEqual(["a"]);
  expect(frontMatterTags({ tags: "bad!tag ok" })).toEqual(["ok"]);
});

test.each(["", "1", "a b", "#a", "/a", "a//b", "a/", "x".repeat(201), "a\nb"])("%j can be no tag", (name) => {
  expect(isTag(name)).toBe(false);
});
