import { counted, defineTool, REPLACES } from "@org/server-kit";
import * as z from "zod";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { changeFile } from "../edit/change.ts";
import type { EditedFile } from "../edit/edit-bytes.ts";
import { runEdit } from "../edit/run-edit.ts";
import { isWritable } from "../sandbox/kept.ts";
import { refuseSlash } from "../sandbox/trailing-slash.ts";

const MOST_EDITS = 1000;
/** Most characters of the line of facts. */
const FACTS_ROOM = 500;

export const editFile = defineTool({
  name: "edit_file",
  title: "Edit a text file",
  description:
    "Replaces exact text in a file and returns a unified diff, then a line with the new etag. Makes all edits or none; " +
    "keeps line ends and encoding. Use write_file to replace or extend a file.",
  annotations: REPLACES,
  input: z.strictObject({
    path: pathInput,
    edits: z
      .array(
        z.strictObject({
          oldText: z.string().describe("Text to replace, exactly as in the file, where it must be unique."),
          newText: z.string().describe("What replaces it; may be empty."),
          replaceAll: z.boolean().default(false).describe("Replace every occurrence. Default false."),
        }),
      )
      .min(1)
      .max(MOST_EDITS)
      .describe("1 to 1000, made in order, each on the result of the previous."),
    dryRun: z.boolean().default(false).describe("Only return the diff. Default false."),
    expected_etag: z.string().min(1).optional().describe("etag from reading: refused if the file has changed since."),
    encoding: z.string().min(1).optional().describe("As in read_text_file."),
  }),
  async run({ path, edits, dryRun, expected_etag, encoding }, { sandbox }: Files, { signal, maxOutput }) {
    const place = sandbox.at(path);
    refuseSlash(place);
    const options = { maxRead: sandbox.maxRead, expectedEtag: expected_etag, signal };
    const room = maxOutput - FACTS_ROOM;
    const { etag, facts: edited } = await changeFile(place, options, async (bytes) => {
      const result = await runEdit({ bytes, given: path, edits, encoding, room }, signal);
      return { bytes: dryRun ? undefined : result.bytes, facts: result };
    });
    const line = factsOf(etag, edited, dryRun);
    if (dryRun && !isWritable(place)) line.push("the file is read-only here: without dryRun this is refused");
    return [edited.diff.text, line.join(", ")];
  },
});

function factsOf(etag: string, { diff, counts, idle }: EditedFile, dryRun: boolean): string[] {
  const places = counts.reduce((sum, count) => sum + count, 0);
  const { hunks, shown, added, removed, hasCutLines } = diff;
  return [
    `etag: ${etag}`,
    `${counted(counts.length, "edit")} in ${counted(places, "place")}`,
    `${counted(added, "line")} added and ${removed} removed`,
    ...(dryRun ? ["dry run: nothing written"] : hunks === 0 ? ["nothing changed"] : []),
    ...(idle.length > 0 ? [`oldText and newText are equal in edit ${idle.slice(0, 20).join(", ")}`] : []),
    ...(hasCutLines ? ["long lines are cut around their changes"] : []),
    ...(shown < hunks ? [`the diff is cut: ${shown} of ${counted(hunks, "hunk")} shown`] : []),
  ];
}
