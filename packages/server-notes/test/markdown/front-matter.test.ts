import { ToolError } from "@org/server-kit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { facts } from "../../src/markdown/facts.ts";
import { setFrontMatter } from "../../src/markdown/front-matter/front-matter-edit.ts";

const NOTE = `---
# top comment
title: "A" # why
id: 007
version: 1.10
date: 2026-11-20
tags: [a,   b] # flow
list:
  - x
  - y # inner

empty:
multi: |
  text
  more
---

body
`;

test("one key changes, and not another character", () => {
  expect(setFrontMatter(NOTE, { id: 8 })).toBe(NOTE.replace("id: 007", "id: 8"));
  expect(setFrontMatter(NOTE, { title: "B" })).toBe(NOTE.replace('"A" # why', "B # why"));
  expect(setFrontMatter(NOTE, { empty: "no more" })).toBe(NOTE.replace("empty:", "empty: no more"));
  expect(setFrontMatter(NOTE, { multi: "one" })).toBe(NOTE.replace("|\n  text\n  more", "one"));
  expect(setFrontMatter(NOTE, { tags: ["c"] })).toBe(NOTE.replace("[a,   b]", "[c]"));
  expect(setFrontMatter(NOTE, { list: "z" })).toBe(NOTE.replace("list:\n  - x\n  - y # inner\n", "list: z\n"));
});

test("null removes a key, a new one comes last", () => {
  expect(setFrontMatter(NOTE, { version: null })).toBe(NOTE.replace("version: 1.10\n", ""));
  expect(setFrontMatter(NOTE, { title: null })).toBe(NOTE.replace('title: "A" # why\n', ""));
  expect(setFrontMatter(NOTE, { list: null, extra: true })).toBe(
    NOTE.replace("list:\n  - x\n  - y # inner\n", "").replace("more\n---", "more\nextra: true\n---"),
  );
  expect(setFrontMatter(NOTE, { unknown: null })).toBe(NOTE);
});

test("texts that YAML would read as something else are quoted", () => {
  const values = {
    a: "007",
    b: "true",
    c: "null",
    d: "1.10",
    e: "a: b",
    f: "# no",
    g: "yes",
    h: "line\nbreak",
    i: "",
    j: "- x",
  };
  const text = setFrontMatter("body\n", values);
  expect(facts(text, "x.md").frontmatter).toEqual(values);
  expect(text).toMatch(/\n---\nbody\n$/);
});

test("front matter is created where there is none, and removed with its last key", () => {
  expect(setFrontMatter("body\n", { a: 1 })).toBe("---\na: 1\n---\nbody\n");
  expect(setFrontMatter("body\r\n", { a: 1 })).toBe("---\r\na: 1\r\n---\r\nbody\r\n");
  expect(setFrontMatter("---\na: 1\n---\nbody\n", { a: null })).toBe("body\n");
  expect(setFrontMatter("---\n---\nbody\n", { a: 1 })).toBe("---\na: 1\n---\nbody\n");
  expect(setFrontMatter("---\n# only a comment\n---\n", { a: 1 })).toBe("---\n# only a comment\na: 1\n---\n");
});

test("line ends of Windows stay", () => {
  expect(setFrontMatter("---\r\na: 1\r\nb: 2\r\n---\r\nx\r\n", { a: [1, 2], c: 3 })).toBe(
    "---\r\na:\r\n  - 1\r\n  - 2\r\nb: 2\r\nc: 3\r\n---\r\nx\r\n",
  );
});

test("a comment after an empty key stays a comment", () => {
  const text = "---\nkey: # c\nb: 2\n---\n";
  expect(setFrontMatter(text, { key: "v" })).toBe("---\nkey: v # c\nb: 2\n---\n");
  expect(facts(setFrontMatter(text, { key: ["v"] }), "x.md").frontmatter).toEqual({ key: ["v"], b: 2 });
});

test("line ends of both kinds stay where they are", () => {
  expect(setFrontMatter("---\na: 1\nb: 2\r\nc: 3\r\n---\nx\n", { a: 5, b: 6 })).toBe(
    "---\na: 5\nb: 6\r\nc: 3\r\n---\nx\n",
  );
});

test.each([
  ["braces whose other values a writer would write anew", "---\n{a: 007, b: 1.10} # c\n---\n", { c: 1 }],
  ["an anchor around its own alias", "---\na: &a [*a]\n---\n", { b: 1 }],
  ["broken YAML", "---\na: [1\n---\n", { b: 1 }],
  ["a list", "---\n- a\n---\n", { b: 1 }],
  ["an anchor that others use", "---\na: &x 1\nb: *x\n---\n", { a: null }],
  ["keys in the long form", "---\n? a\n: 1\n---\n", { a: 2 }],
])("%s is refused rather than harmed", (_, text, changes) => {
  expect(() => setFrontMatter(text, changes)).toThrow(/cannot be changed key by key/);
});

test("front matter in one line of braces can be changed too", () => {
  expect(facts(setFrontMatter("---\n{a: 1, b: 2}\n---\n", { a: 3, b: null }), "x.md").frontmatter).toEqual({ a: 3 });
});

test("a value that is set is read back, and the rest stays", () => {
  const key = fc.constantFrom("title", "id", "tags", "list", "empty", "multi", "new key", "ключ", "a-b", "x:y", "#c");
  const values = fc.dictionary(
    key,
    fc.jsonValue({ maxDepth: 2 }).map((value) => (Object.is(value, -0) ? 0 : value)),
  );
  fc.assert(
    fc.property(values, (changes) => {
      let text: string;
      try {
        text = setFrontMatter(NOTE, changes);
      } catch (error) {
        expect(error).toBeInstanceOf(ToolError);
        return;
      }
      const { frontmatter, problem } = facts(text, "x.md");
      expect(problem).toBeUndefined();
      for (const [name, value] of Object.entries(changes)) {
        if (value === null) expect(frontmatter).not.toHaveProperty([name]);
        else expect(JSON.stringify(frontmatter[name])).toBe(JSON.stringify(value));
      }
      expect(text).toContain("version: 1.10\ndate: 2026-11-20\n");
      expect(text.endsWith("---\n\nbody\n")).toBe(true);
    }),
  );
});
