import fc from "fast-check";
import { expect, test } from "vitest";
import { facts } from "../../src/markdown/facts.ts";

test("the title is the front matter's, else the heading that opens the note, else the file's name", () => {
  expect(facts("---\ntitle: Plan A\n---\n# Other\n", "x.md").title).toBe("Plan A");
  expect(facts("\n# The *big* plan 🚀\n\ntext", "x.md").title).toBe("The big plan 🚀");
  expect(facts("text first\n\n# Later\n", "projects/Road map.md").title).toBe("Road map");
  expect(facts("## Second level\n", "a.markdown").title).toBe("a");
  expect(facts("---\ntitle: 2026\n---\n", "x.md").title).toBe("2026");
  expect(facts("---\ntitle: [not, text]\n---\n", "x.md").title).toBe("x");
});

test("a byte order mark does not hide front matter", () => {
  expect(facts("\uFEFF---\ntags: [a]\n---\n", "x.md").tags).toEqual(["a"]);
});

test("tags of front matter and body are one list, each once in its first spelling", () => {
  const text = "---\ntags: [Work, '#home/garden']\n---\n#work and #Later and #later\n";
  expect(facts(text, "x.md").tags).toEqual(["Work", "home/garden", "Later"]);
});

test.each([
  ["an unclosed bracket", "---\ntags: [a\n---\nbody #real\n"],
  ["a tab as indentation", "---\n\ta: 1\n---\nbody #real\n"],
  ["a key twice", "---\na: 1\na: 2\n---\nbody #real\n"],
  ["a list", "---\n- a\n---\nbody #real\n"],
  ["an alias to nothing", "---\na: *nowhere\n---\nbody #real\n"],
  ["too many aliases", `---\na: &a [x,x,x,x,x,x,x,x]\n${aliases()}---\nbody #real\n`],
  ["deep nesting", `---\na: ${"[".repeat(15_000)}\n---\nbody #real\n`],
  ["a flood of keys", `---\n${"a: ".repeat(5000)}\n---\nbody #real\n`],
  ["a megabyte", `---\na: ${"x".repeat(1_000_000)}\n---\nbody #real\n`],
])("front matter with %s leaves the note readable and says so", { timeout: 20_000 }, (_, text) => {
  const { problem, frontmatter, tags } = facts(text, "x.md");
  expect(problem).toMatch(/\w/);
  expect(frontmatter).toEqual({});
  expect(tags).toEqual(["real"]);
});

function aliases(): string {
  const keys = "bcdefghi";
  return [...keys].map((key, at) => `${key}: &${key} [${`*${"abcdefgh"[at]},`.repeat(8)}]\n`).join("");
}

test("front matter that looks like code is text", () => {
  const result = facts("---js\n{ title: process.exit(1) }\n---\n", "x.md");
  expect(result).toMatchObject({ title: "x", frontmatter: {} });
  expect(facts("---\na: !!js/function 'process.exit(1)'\n---\n", "x.md").frontmatter).toEqual({ a: "process.exit(1)" });
});

test("a key named __proto__ is a key", () => {
  const { frontmatter } = facts("---\n__proto__: {polluted: true}\n---\n", "x.md");
  expect(Object.keys(frontmatter)).toEqual(["__proto__"]);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("any text is read, and quickly", () => {
  const piece = fc.constantFrom(
    "---\n",
    "# ",
    "[[",
    "]]",
    "](",
    "`",
    "```\n",
    "\n",
    "\r\n",
    "#tag",
    "- ",
    "> ",
    "<!--",
    "|",
    "a: ",
    "\uFEFF",
    "🚀",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      expect(facts(pieces.join(""), "x.md").title.length).toBeGreaterThan(0);
    }),
  );
});

test.each([
  ["brackets", "[".repeat(300_000)],
  ["links", "[a](".repeat(75_000)],
  ["backticks", Array.from({ length: 700 }, (_, at) => "`".repeat(at + 1)).join(" ")],
  ["hashes", "#a ".repeat(100_000)],
  ["blanks in a heading", `# a${" ".repeat(300_000)}b`],
  ["emphasis in a heading", `# ${"*a ".repeat(100_000)}`],
  ["quotes", ">".repeat(300_000)],
  ["comments", "<!--".repeat(75_000)],
  ["lists", "- ".repeat(150_000)],
])("a note of %s is read in time", { timeout: 20_000 }, (_, text) => {
  expect(facts(text, "x.md").title.length).toBeGreaterThan(0);
});
