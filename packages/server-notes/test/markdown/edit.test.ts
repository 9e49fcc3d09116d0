import { ToolError } from "@org/server-kit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { append, insertAfterHeading, prepend, replaceSection } from "../../src/markdown/edit.ts";
import { facts } from "../../src/markdown/facts.ts";
import { replaceText } from "../../src/markdown/replace-text.ts";

const NOTE = "---\ntags: [a]\n---\n# Plan\n\nIntro\n\n## Goals\n\n- one\n\n### Detail\n\ntext\n\n## Risks\n\nNone\n";

test("append adds at the end, with a blank line between blocks", () => {
  expect(append("a\n", "b")).toBe("a\n\nb\n");
  expect(append("a", "b\n")).toBe("a\n\nb\n");
  expect(append("", "b")).toBe("b\n");
  expect(append("- a\n", "- b")).toBe("- a\n- b\n");
  expect(append("| a |\n", "| b |")).toBe("| a |\n| b |\n");
  expect(append("# H\n", "b")).toBe("# H\nb\n");
});

test("append to a section adds at its end, before the next heading", () => {
  expect(append(NOTE, "more", "Goals")).toBe(NOTE.replace("text\n", "text\n\nmore\n"));
  expect(append(NOTE, "- two", "Plan")).toBe(NOTE.replace("None\n", "None\n\n- two\n"));
});

test("prepend adds after the front matter", () => {
  expect(prepend(NOTE, "First")).toBe(NOTE.replace("# Plan", "First\n\n# Plan"));
  expect(prepend("text\n", "First")).toBe("First\n\ntext\n");
});

test("insert_after_heading inserts below the heading, before the existing content", () => {
  expect(insertAfterHeading(NOTE, "- zero", "Goals")).toBe(NOTE.replace("- one", "- zero\n- one"));
  expect(insertAfterHeading(NOTE, "Hm", "Risks")).toBe(NOTE.replace("None", "Hm\n\nNone"));
  expect(insertAfterHeading("# A\n# B\n", "x", "A")).toBe("# A\nx\n\n# B\n");
});

test("replace_section replaces all below a heading up to the next of its level", () => {
  expect(replaceSection(NOTE, "- new", "Goals")).toBe(NOTE.replace("- one\n\n### Detail\n\ntext", "- new"));
  expect(replaceSection(NOTE, "Many\n\n", "Risks")).toBe(NOTE.replace("None", "Many"));
  expect(replaceSection("# A\n# B\n", "x", "A")).toBe("# A\n\nx\n\n# B\n");
  expect(replaceSection("# A\n\nold", "x", "A")).toBe("# A\n\nx");
  expect(replaceSection("# A\nold\n# B\n", "", "A")).toBe("# A\n\n# B\n");
});

test("a heading that the content repeats does not stand there twice", () => {
  expect(replaceSection(NOTE, "## Risks\n\nMany", "Risks")).toBe(NOTE.replace("None", "Many"));
});

test("a code fence with # is not a heading to stop at", () => {
  const text = "# A\n\n```\n# comment\n```\n\nend\n\n# B\n";
  expect(replaceSection(text, "x", "A")).toBe("# A\n\nx\n\n# B\n");
});

test("new lines end as the old ones do", () => {
  expect(append("a\r\n", "b\nc")).toBe("a\r\n\r\nb\r\nc\r\n");
  expect(replaceSection("# A\r\n\r\nx\r\n", "y\nz", "A")).toBe("# A\r\n\r\ny\r\nz\r\n");
  expect(replaceText("a\r\nb\r\n", "a\nb", "c\nd", false)).toBe("c\r\nd\r\n");
});

test.each([
  ["Goals", "## Goals"],
  ["## Goals", "## Goals"],
  ["goals", "## Goals"],
  ["🚀 Launch", "## 🚀 Launch"],
  ["Launch <b>now</b>", "## Launch <b>now</b>"],
  ["Launch now", "## Launch <b>now</b>"],
  ["Launch now", "## Launch **now**"],
  ["See Other", "## See [[Note|Other]]"],
  ["Closed", "## Closed ##"],
  ["Go & run", "## Go &amp; run"],
  ["## Closed ##", "## Closed"],
  ["Under", "Under\n-----"],
  ["A#B", "# A\n## B"],
])("section %j finds %j", (name, heading) => {
  const text = `# Start\n\nx\n\n${heading}\n\nold\n\n# End\n\ny\n`;
  expect(replaceSection(text, "new", name)).toBe(text.replace("old", "new"));
});

test("repeated headings are distinguished by number or by the heading above", () => {
  const text = "# 2025\n## Goals\na\n# 2026\n## Goals\nb\n";
  expect(() => append(text, "x", "Goals")).toThrow(/2 headings match "Goals".*"Goals \(1\)" on line 2 below "2025"/);
  expect(append(text, "x", "Goals (2)")).toBe(`${text.slice(0, -2)}b\n\nx\n`);
  expect(append(text, "x", "2025#Goals")).toBe(text.replace("a\n", "a\n\nx\n\n"));
});

test("an unknown heading is refused with the nearest", () => {
  expect(() => append(NOTE, "x", "Gaols")).toThrow(/no heading "Gaols".*Nearest: "Goals"/);
  expect(() => append("text\n", "x", "A")).toThrow(/The note has no headings/);
});

test("replace_text needs exactly one match, and says where the others are", () => {
  expect(replaceText("a b a\nc\na\n", "a", "x", true)).toBe("x b x\nc\nx\n");
  expect(() => replaceText("a b a\nc\na\n", "a", "x", false)).toThrow(/occurs 3 times, on lines 1, 1, 3/);
  expect(() => replaceText("The quick brown fox\n", "quick brwn fox", "", false)).toThrow(
    /Nearest is line 1: "The quick brown fox"/,
  );
  expect(replaceText("cost: $1 (a.b)\n", "$1 (a.b)", "$& $1", false)).toBe("cost: $& $1\n");
});

test("an edit's text is in the note, and the rest stays", () => {
  const line = fc.constantFrom("# A", "## B", "- x", "text", "", "```", "> q", "| t |", "    code", "---");
  const note = fc.tuple(fc.array(line), fc.constantFrom("\n", "\r\n")).map(([lines, end]) => lines.join(end));
  fc.assert(
    fc.property(note, fc.constantFrom(append, prepend), (text, edit) => {
      const edited = edit(text, "ADDED");
      expect(edited.replace("ADDED", "").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      expect(edited).toContain("ADDED");
    }),
  );
  fc.assert(
    fc.property(note, fc.constantFrom("A", "B"), (text, section) => {
      try {
        expect(insertAfterHeading(text, "ADDED", section)).toContain("ADDED");
        expect(replaceSection(text, "ADDED", section)).toContain("ADDED");
      } catch (error) {
        expect(error).toBeInstanceOf(ToolError);
      }
    }),
  );
});

test("half of a character matches nothing, and is not written", () => {
  expect(() => replaceText("🚀\n", "\ud83d", "x", true)).toThrow(/old_text contains half of a character/);
  expect(() => replaceText("a\n", "a", "\ude80", true)).toThrow(/new_text contains half of a character/);
  expect(() => replaceText("a\n", "a", "\0", true)).toThrow(/new_text contains a NUL/);
  expect(replaceText("a 🚀\n", "🚀", "b", false)).toBe("a b\n");
});

test("code that a list item leaves open ends with the item", () => {
  const text = "# A\n\n- ```\n  # code\n\n# B\n\nold\n";
  expect(replaceSection(text, "new", "B")).toBe(text.replace("old", "new"));
});

test("megabytes of blank lines are handled", () => {
  const blank = "\r\n".repeat(6_000_000);
  expect(append(`a${blank}`, "b")).toContain("b");
  expect(prepend("a", `${blank}b`)).toBe("b\n\na");
});

const LARGE = 2_000_000;

test.each(["a <!-- ", "a ` b `` c ``` d ", "--> <!--\n", "`", "[[", '](a "', "\n", "# heading\n"])(
  "2 MB of %j are read and appended to in time",
  { timeout: 20_000 },
  (unit) => {
    const text = `a ${unit.repeat(LARGE / unit.length)}`;
    facts(text, "x.md");
    expect(append(text, "ADDED")).toContain("ADDED");
  },
);

test("a section among 50,000 is found, or not, in time", { timeout: 20_000 }, () => {
  const same = "# q\n".repeat(50_000);
  const nested = `# q\n${"## b\n".repeat(50_000)}`;
  expect(() => append(same, "x", `x${" ".repeat(100_000)}x`)).toThrow(/section is longer than 1000/);
  expect(() => append(same, "x", `x${" ".repeat(900)}x`)).toThrow(/no heading/);
  expect(() => append(same, "x", "q")).toThrow(/50000 headings match "q".*"q \(5\)".*and 49995 more/);
  expect(() => append(nested, "x", "q#b")).toThrow(/50000 headings match/);
  expect(append(nested, "ADDED", "b (49999)")).toContain("ADDED");
});

test.each([
  ["### Log", /^no heading "Log" of level 3 in the note: the one on line 2 has level 1\. Pass "# Log"/],
  ["#### Log", /of level 4/],
])("%s is not the heading of another level", (section, message) => {
  const text = "## Before\n# Log\nold\n### Sub\n";
  for (const change of [replaceSection, append, prepend, insertAfterHeading])
    expect(() => change(text, "new", section)).toThrow(message);
});
