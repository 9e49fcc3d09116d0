import { defineTool, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { shortDiff } from "../markdown/diff.ts";
import { append, insertAfterHeading, prepend, replaceSection } from "../markdown/edit.ts";
import { setFrontMatter } from "../markdown/front-matter/front-matter-edit.ts";
import { replaceText } from "../markdown/replace-text.ts";
import { changeNote } from "../vault/notes.ts";
import { resolveNote } from "../vault/resolve.ts";
import { NoteState, noteInput, stateOf, stateText } from "./fields.ts";

const OPERATIONS = [
  "append",
  "prepend",
  "insert_after_heading",
  "replace_section",
  "replace_text",
  "set_frontmatter",
] as const;

const input = z.strictObject({
  note: noteInput,
  operation: z
    .enum(OPERATIONS)
    .describe(
      "append, prepend (after front matter) and insert_after_heading add content; replace_section replaces all below a " +
        "heading; replace_text changes text that must occur once; set_frontmatter sets keys.",
    ),
  content: z.string().optional().describe("Markdown for append, prepend, insert_after_heading, replace_section."),
  section: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Heading: 'Goals', '## Goals' for that level only, '2026#Goals' below another, 'Goals (2)' for the second. Needed by " +
        "insert_after_heading and replace_section; append and prepend add inside it.",
    ),
  old_text: z.string().min(1).optional().describe("For replace_text: the exact text to replace."),
  new_text: z.string().optional().describe("For replace_text: its replacement; may be empty."),
  replace_all: z.boolean().optional().describe("For replace_text: replace every occurrence. Default: false."),
  frontmatter: z
    .looseObject({})
    .optional()
    .describe('For set_frontmatter: {"status": "done", "due": null}; null removes a key.'),
  expected_etag: z
    .string()
    .min(1)
    .optional()
    .describe("etag of the note as you read it; the edit is refused when the note has changed."),
});
type Args = z.output<typeof input>;
type Argument = "content" | "section" | "old_text" | "new_text" | "replace_all" | "frontmatter";

/** The arguments that each operation needs, and its optional ones. */
const USES: Readonly<Record<Args["operation"], { needs: readonly Argument[]; takes?: readonly Argument[] }>> = {
  append: { needs: ["content"], takes: ["section"] },
  prepend: { needs: ["content"], takes: ["section"] },
  insert_after_heading: { needs: ["section", "content"] },
  replace_section: { needs: ["section", "content"] },
  replace_text: { needs: ["old_text", "new_text"], takes: ["replace_all"] },
  set_frontmatter: { needs: ["frontmatter"] },
};
const ARGUMENTS: readonly Argument[] = ["content", "section", "old_text", "new_text", "replace_all", "frontmatter"];

export const editNote = defineTool({
  name: "edit_note",
  title: "Edit a note",
  description:
    "Changes part of a note and returns its new etag and a short diff; the rest stays byte for byte. With expected_etag, " +
    "nothing is written when the note has changed since. Use create_note for a new note.",
  annotations: REPLACES,
  input,
  output: NoteState.extend({
    changed: z.boolean().describe("False when the note already was as asked."),
    diff: z.string().describe("What changed, shortened; empty when nothing did."),
  }),
  async run(args, { vault }: Notes, { signal }) {
    const edit = editOf(args);
    const path = await resolveNote(vault, args.note, signal);
    const change = ({ text }: { text: string }) => edit(text);
    const { before, after, isChanged } = await changeNote(vault, path, {
      change,
      expectedEtag: args.expected_etag,
      signal,
    });
    return { ...stateOf(after), changed: isChanged, diff: isChanged ? shortDiff(before.text, after.text) : "" };
  },
  render: ({ changed, diff, ...state }, { operation }) =>
    changed
      ? `Changed ${stateText(state)}\n${diff}`
      : `Unchanged ${stateText(state)}: after this ${operation} the note would read as it does now`,
});

/** @throws ToolError invalid_input when an argument is missing, or does not belong to the operation */
function editOf(args: Args): (text: string) => string {
  const { operation } = args;
  const { needs, takes = [] } = USES[operation];
  const used = [...needs, ...takes];
  // Some hosts send "" for omitted arguments.
  const unused = ARGUMENTS.filter((name) => args[name] !== undefined && args[name] !== "" && !used.includes(name));
  const missing = needs.filter((name) => args[name] === undefined);
  const problem = [
    ...(missing.length > 0 ? [`needs ${missing.join(" and ")}`] : []),
    ...(unused.length > 0 ? [`does not use ${unused.join(", ")}`] : []),
  ].join(" and ");
  if (problem) throw new ToolError("invalid_input", `${operation} ${problem}. It takes ${used.join(", ")}.`);
  const { content = "", section = "", old_text = "", new_text = "", replace_all = false, frontmatter = {} } = args;
  switch (operation) {
    case "append":
      return (text) => append(text, content, args.section);
    case "prepend":
      return (text) => prepend(text, content, args.section);
    case "insert_after_heading":
      return (text) => insertAfterHeading(text, content, section);
    case "replace_section":
      return (text) => replaceSection(text, content, section);
    case "replace_text":
      return (text) => replaceText(text, old_text, new_text, replace_all);
    case "set_frontmatter":
      return (text) => setFrontMatter(text, frontmatter);
  }
}
