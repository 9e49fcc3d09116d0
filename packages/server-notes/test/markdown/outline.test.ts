import { expect, test } from "vitest";
import { outlineOf } from "../../src/markdown/outline.ts";

const headings = (text: string) => outlineOf(text).headings.map(({ level, text: words, line }) => [level, words, line]);

test("headings of both kinds, with their levels and lines", () => {
  const text = "---\na: 1\n---\n# One\n\nTwo\n===\n\nThree is\nlong\n---\n###### Six ######\n";
  expect(headings(text)).toEqual([
    [1, "One", 4],
    [1, "Two", 6],
    [2, "Three is long", 9],
    [6, "Six", 12],
  ]);
});

test("emoji, HTML, closing marks, empty ones, and line ends of Windows", () => {
  const text =
    '## 🚀 Launch\r\n## <span id="x">Goals</span> ##\r\n#\r\n# C#\r\n# a # b #\r\n#no heading\r\n####### none\r\n';
  expect(headings(text)).toEqual([
    [2, "🚀 Launch", 1],
    [2, '<span id="x">Goals</span>', 2],
    [1, "", 3],
    [1, "C#", 4],
    [1, "a # b", 5],
  ]);
});

test.each([
  ["a fence of backticks", "```sh\n# no\n```\n# yes\n"],
  ["a fence of tildes", "~~~\n# no\n```\n# no\n~~~\n# yes\n"],
  ["a longer fence", "````\n```\n# no\n````\n# yes\n"],
  ["a fence in a list", "- item\n\n    ```\n    # no\n    ```\n\n# yes\n"],
  ["a fence in an item's first line", "- ```\n  # no\n  ```\n\n# yes\n"],
  ["a fence in a quote that ends without it", "> ```\n> # no\n# yes\n"],
  ["indented code", "text\n\n    # no\n\n# yes\n"],
  ["HTML", "<div>\n# no\n</div>\n\n# yes\n"],
  ["a script", "<script>\n\n# no\n\n</script>\n# yes\n"],
  ["a comment", "<!--\n\n# no\n-->\n# yes\n"],
  ["a quote", "> # no\n\n# yes\n"],
  ["a list item", "- # no\n  # no\n\n# yes\n"],
  ["math", "$$\n# no\n\n# no\n$$\n# yes\n"],
  ["code in an item", "- item\n\n      # no\n\n# yes\n"],
  ["a processing instruction", "<?x\n\n# no\n?>\n# yes\n"],
  ["a lone tag", "<custom-tag>\n# no\n\n# yes\n"],
  ["a fence whose item has ended", "- ```\n  # no\nstill code\n\n# yes\n"],
  ["a fence that is not closed by four blanks", "```\n    ```\n# no\n```\n# yes\n"],
  ["a rule, which is no underline", "\n---\n# yes\n"],
  ["a rule after a list", "- item\n---\n# yes\n"],
])("%s hides what only looks like a heading", (_, text) => {
  expect(headings(text).map(([, words]) => words)).toEqual(["yes"]);
});

test("a fence that never ends hides the rest", () => {
  expect(headings("# yes\n```\n# no\n")).toEqual([[1, "yes", 1]]);
});

test("list items that go deep keep their text, and a heading ends them all", () => {
  const text = "1. one\n\n   - two\n\n     text\n\n## yes\n\n    code\n";
  expect(outlineOf(text).opaque.map(([start, end]) => text.slice(start, end))).toEqual(["    code\n"]);
  expect(headings(text)).toEqual([[2, "yes", 7]]);
});
