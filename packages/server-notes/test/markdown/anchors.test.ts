import { expect, test } from "vitest";
import { hasAnchor } from "../../src/markdown/anchors.ts";
import { facts } from "../../src/markdown/facts.ts";
import { linksIn } from "../../src/markdown/links.ts";

const NOTE = [
  "# My **big** idea: part 1",
  "## Goals",
  "text ^first-block",
  "### Next",
  "## Log",
  "### Next",
  '## <span id="x">Why [[Other|not]]?</span>',
  "- item ^Item2",
  "`code ^none`",
  "```",
  "# Code",
  "```",
].join("\n");
const { anchors } = facts(NOTE, "Note.md");
const leads = (link: string) => linksIn(link).map((one) => hasAnchor(anchors, one));

test.each([
  "[[Note#Goals]]",
  "[[Note#goals]]",
  "[[Note#My big idea part 1]]",
  "[[Note#My **big** idea: part 1]]",
  "[[Note#Log#Next]]",
  "[[Note#My big idea part 1#Log#Next]]",
  "[[Note#My big idea part 1#Next]]",
  "[[Note#Why not?]]",
  "[[Note#^first-block]]",
  "[[Note#^ITEM2]]",
  "[[Note#Goals|x]]",
  "[x](Note.md#my-big-idea-part-1)",
  "[x](Note.md#My%20big%20idea)".replace("idea", "idea:%20part%201"),
  "[[Note]]",
  "[[Note#]]",
])("%s leads somewhere", (link) => {
  expect(leads(link)).toEqual([true]);
});

test.each([
  "[[Note#Nope]]",
  "[[Note#Goals#Log]]",
  "[[Note#Goals#Next#Next]]",
  "[[Note#Goal]]",
  "[[Note#^second]]",
  "[[Note#^none`]]",
  "[[Note#Code]]",
  "[x](Note.md#nope)",
])("%s does not", (link) => {
  expect(leads(link)).toEqual([false]);
});
