import { counted, defineTool, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import { visible } from "../common/entries.ts";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { notesOfName } from "../edit/name-notes.ts";
import { refuseHalves, writeText } from "../edit/write-text.ts";
import { refuseSlash } from "../sandbox/trailing-slash.ts";

export const writeFile = defineTool({
  name: "write_file",
  title: "Write a file",
  description:
    "Creates a file, replaces its whole content, or appends to it, atomically. Keeps an existing " +
    "file's encoding and CRLF line ends. Returns the new etag. Use edit_file to change parts.",
  annotations: REPLACES,
  input: z.strictObject({
    path: pathInput,
    content: z.string().describe("The whole text; with append, the text to add."),
    append: z.boolean().default(false).describe("Add to the end. Default false."),
    create_only: z.boolean().default(false).describe("Refuse to change a file that exists. Default false."),
    create_parents: z.boolean().default(false).describe("Create missing directories. Default false."),
    expected_etag: z.string().min(1).optional().describe("etag from reading: refused if the file has changed since."),
    encoding: z.string().min(1).optional().describe("Default: the file's own, else utf-8."),
  }),
  output: z.object({
    path: z.string(),
    etag: z.string().describe("Of the new state; pass it as expected_etag."),
    bytes: z.int().describe("Size of the file."),
    encoding: z.string().describe("With a byte order mark where the file has one."),
    created: z.boolean().describe("False when the file existed."),
    note: z
      .string()
      .optional()
      .describe("What was kept or changed: line ends, encoding, directories, an unusual name."),
  }),
  async run(args, { sandbox }: Files, { signal }) {
    const { path, content, append, create_only, create_parents, expected_etag, encoding } = args;
    if (create_only && (append || expected_etag !== undefined)) {
      const other = append ? "append" : "expected_etag";
      throw new ToolError(
        "invalid_input",
        `create_only is for a new file, and ${other} is for an existing one: pass only one of them.`,
      );
    }
    refuseHalves(content);
    const place = sandbox.at(path);
    refuseSlash(place);
    const { notes, ...written } = await writeText(
      place,
      {
        content,
        expected: expected_etag,
        mode: append ? "append" : create_only ? "create" : "replace",
        createParents: create_parents,
        label: encoding,
        maxRead: sandbox.maxRead,
      },
      signal,
    );
    const all = [...notes, ...notesOfName(place)];
    return { path, ...written, ...(all.length > 0 && { note: all.join("; ") }) };
  },
  render: ({ path, etag, bytes, encoding, created, note }, { append }) =>
    `${created ? "Created" : append ? "Extended" : "Replaced"} ${visible(path)}: ${counted(bytes, "byte")}, encoding ${encoding}, ` +
    `etag ${etag}${note === undefined ? "" : `; ${note}`}`,
});
