import { defineTool, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
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
    .optional()
    .describe(
      "Heading: 'Goals', '2026#Goals' below another, 'Goals (2)' for the second. Needed by insert_after_heading and " +
        "replace_section; append and prepend then add inside of it.",
    ),
  old_text: z.string().optional().describe("For replace_text: the exact text to replace."),
  new_text: z.string().optional().describe("For replace_text: what stands there then; may be empty."),
  replace_all: z.boolean().optional().describe("For replace_text: replace every occurrence. Default false."),
  frontmatter: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("For set_frontmatter: keys and values; null removes a key."),
  expected_etag: z
    .string()
    .min(1)
    .optional()
    .describe("etag of the state that was read: refused when the note has changed."),
});
type Args = z.output<typeof input>;
type Argument = "content" | "section" | "old_text" | "new_text" | "replace_all" | "frontmatter";

/** What each operation needs, and may have besides. */
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
    "Changes part of a note at once and returns its new etag; what the edit does not name stays byte for byte. With " +
    "expected_etag nothing is written when the note has changed. Use create_note for a new one.",
  annotations: REPLACES,
  input,
  output: NoteState.extend({ changed: z.boolean().describe("False when the note was already so.") }),
  async run(args, { vault }: Notes, { signal }) {
    const edit = editOf(args);
    const path = await resolveNote(vault, args.note, signal);
    const changed = await changeNote(vault, path, args.expected_etag, ({ text }) => edit(text), signal);
    return { ...stateOf(changed.after), changed: changed.isChanged };
  },
  render: ({ changed, ...state }) => `${changed ? "Changed" : "Unchanged"} ${stateText(state)}`,
});

/** @throws ToolError invalid_input when an argument is missing, or is none of the operation's */
function editOf(args: Args): (text: string) => string {
  const { operation } = args;
  const { needs, takes = [] } = USES[operation];
  const used = [...needs, ...takes];
  const unused = ARGUMENTS.filter((name) => args[name] !== undefined && !used.includes(name));
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
