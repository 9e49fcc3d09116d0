import { counted, defineTool, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { expecting, missing } from "../edit/change.ts";
import { checkCharacters, encodeFile } from "../edit/text-file.ts";
import { isCode, onFiles } from "../sandbox/errors.ts";
import { refuseTwin } from "../sandbox/look-alike.ts";
import { refuseSlash } from "../sandbox/trailing-slash.ts";
import type { Place } from "../sandbox/types.ts";
import { type Encoding, findEncoding, MARK_BYTES, markedEncoding, UTF8 } from "../text/encodings.ts";
import { etagOfFile } from "../text/etag.ts";

/** How often a file that appears and vanishes under a write is looked at again. */
const MOST_TRIES = 8;

export const writeFile = defineTool({
  name: "write_file",
  title: "Write a file",
  description:
    "Creates a file, or replaces all of it at once, as UTF-8; one with a byte order mark keeps its encoding. Returns the " +
    "new etag. Use edit_file to change parts, create_directory for a directory that is missing.",
  annotations: REPLACES,
  input: z.strictObject({
    path: pathInput,
    content: z.string().describe("The whole text."),
    expected_etag: z
      .string()
      .min(1)
      .optional()
      .describe("etag that was read: refused when the file has changed since."),
    create_only: z.boolean().default(false).describe("Refuse to replace a file."),
    encoding: z.string().optional().describe("As in read_text_file; utf-8 leaves a byte order mark out."),
  }),
  output: z.object({
    path: z.string(),
    etag: z.string().describe("Names the new state; pass it as expected_etag."),
    bytes: z.int(),
    encoding: z.string().describe("With a byte order mark where the file had one."),
    created: z.boolean().describe("False when a file was replaced."),
  }),
  async run({ path, content, expected_etag, create_only, encoding }, { sandbox }: Files, { signal }) {
    if (create_only && expected_etag !== undefined) {
      throw new ToolError("invalid_input", "create_only is for a new file, and expected_etag for one that is there.");
    }
    if (/\p{Surrogate}/u.test(content)) {
      throw new ToolError(
        "invalid_input",
        "content has half of a character (a lone surrogate) in it. Pass whole ones.",
      );
    }
    const place = { ...sandbox.at(path), isNew: true };
    refuseSlash(place);
    const wanted = { content, expected: expected_etag, createOnly: create_only, label: encoding };
    const written = await onFiles(place, () => write(place, wanted, signal));
    return { path, ...written };
  },
  render: ({ path, etag, bytes, encoding, created }) =>
    `${created ? "Created" : "Replaced"} ${path}: ${counted(bytes, "byte")}, encoding ${encoding}, etag ${etag}`,
});

interface Wanted {
  readonly content: string;
  readonly expected: string | undefined;
  readonly createOnly: boolean;
  readonly label: string | undefined;
}

async function write(place: Place, wanted: Wanted, signal: AbortSignal) {
  const { root, path } = place;
  const { expected, createOnly } = wanted;
  for (let tries = 1; ; tries += 1) {
    const start = createOnly ? undefined : await startOf(place, signal);
    if (!start && expected !== undefined) throw missing();
    if (!start) await refuseTwin(place);
    const { bytes, encoding } = await bytesFor(wanted, start ?? Buffer.alloc(0));
    signal.throwIfAborted();
    try {
      const inspect = expected === undefined ? undefined : expecting(expected);
      const stat = await root.write(path, bytes, { mode: start ? "replace" : "create", inspect });
      return { etag: etagOfFile(bytes, stat), bytes: bytes.length, encoding, created: start === undefined };
    } catch (error) {
      // Somebody made or removed the file since it was looked at.
      const isOther = isCode(error, start ? "not_found" : "exists") && !createOnly;
      if (!isOther || tries === MOST_TRIES) throw error;
    }
  }
}

/** The first bytes of the file that is there, undefined when there is none. */
async function startOf({ root, path }: Place, signal: AbortSignal): Promise<Buffer | undefined> {
  try {
    const file = await root.open(path);
    try {
      return await file.read(0, MARK_BYTES, signal);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isCode(error, "not_found")) return undefined;
    // One that may be written and not read.
    if (isCode(error, "no_permission")) return Buffer.alloc(0);
    throw error;
  }
}

/** Programs that mark their files look for the mark: UTF-8 without it they would read as something else. */
async function bytesFor({ content, label }: Wanted, start: Buffer) {
  const marked = label === undefined ? markedEncoding(start) : undefined;
  const encoding: Encoding = marked ?? (label === undefined ? UTF8 : await findEncoding(label, start));
  await checkCharacters(content, encoding, "content");
  const isSelfMarked = content.startsWith("\uFEFF");
  const needsMark = encoding.unit > 1 || marked !== undefined;
  const bytes = await encodeFile({ text: content, encoding, isMarked: needsMark && !isSelfMarked });
  return { bytes, encoding: `${encoding.name}${needsMark || isSelfMarked ? " with byte order mark" : ""}` };
}
