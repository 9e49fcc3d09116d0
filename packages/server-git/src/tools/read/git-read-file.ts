import { counted, defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { type LfsPointer, lfsObject, parseLfsPointer } from "../../history/files/lfs.ts";
import { encodingOf, type Part, partOf } from "../../history/files/part.ts";
import { contentOf, fileAt, filePlaceOf, isBinary } from "../../history/files/text-file.ts";
import { entriesOf, type TreeEntry } from "../../history/files/tree.ts";
import { uriOf } from "../../history/files/uri.ts";
import type { Repository } from "../../repositories/types.ts";
import { quotedPath, shortPath, showPath } from "../../text/paths.ts";
import { repoPath } from "../fields.ts";

/** Characters of an answer other than the text. */
const BESIDE = 1_600;

export const gitReadFile = defineTool({
  name: "git_read_file",
  title: "Read a file at a revision",
  description:
    "Returns lines of a file at a revision, in the index, or on a side of a conflict; for a folder, its entries. Use " +
    "git_show for changes.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    path: z.string().describe("File or folder in the work tree; . is its root."),
    revision: z
      .string()
      .min(1)
      .default("HEAD")
      .describe("Branch, tag or commit; :0 the index; of a conflict :1 base, :2 ours, :3 theirs."),
    offset: z.int().min(1).default(1).describe("First line or entry."),
    limit: z.int().min(1).optional().describe("Most lines or entries. Default as many as fit."),
  }),
  async run({ repo_path, path, revision, offset, limit }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const place = await filePlaceOf(repository, path, revision, signal);
    const entry = await fileAt(repository, place, signal);
    const range = { offset, limit: limit ?? Number.MAX_SAFE_INTEGER, room: maxOutput - BESIDE };
    const header = await repository.header(signal);
    const about = [`${shortPath(place.path)} in ${place.words}`];
    if (entry.mode === "160000") return `${about}: a submodule at commit ${entry.id}, ${header}`;
    if (entry.mode === "040000") {
      const part = partOf(Buffer.from(await listing(repository, entry, signal)), range);
      return [part.text, [...about, ...partFacts(part, "entry", "entries"), header].join(", ")];
    }
    if (entry.mode === "120000") about.push("a symbolic link: this is its target");
    if (entry.mode === "100755") about.push("executable");
    const { content, facts } = await contentFacts(repository, await contentOf(repository, entry.id, signal));
    if (isBinary(content) && encodingOf(content) === undefined) {
      throw new ToolError(
        "unsupported",
        `${quotedPath(place.path)} is binary, ${counted(content.length, "byte")}. The resource ${uriOf(repository.workTree, revision, place.path)} has the bytes.`,
      );
    }
    const part = partOf(content, range);
    if (offset > Math.max(1, part.total)) {
      throw new ToolError(
        "invalid_input",
        `offset ${offset} is past the end: there are ${counted(part.total, "line")}.`,
      );
    }
    return [part.text, [...about, ...partFacts(part, "line", "lines"), ...facts, header].join(", ")];
  },
});

/** One name per line: folders with a slash, symlinks and submodules with a note. */
async function listing(repository: Repository, { id }: TreeEntry, signal: AbortSignal): Promise<string> {
  const lines: string[] = [];
  for await (const { mode, id: object, name, size } of entriesOf(repository, id, signal)) {
    const kind =
      mode === "120000" ? " (symbolic link)" : mode === "160000" ? ` (submodule at ${object.slice(0, 12)})` : "";
    lines.push(
      `${showPath(name)}${mode === "040000" ? "/" : kind}${size === undefined || kind !== "" ? "" : ` ${size} bytes`}\n`,
    );
  }
  return lines.join("");
}

/** The content, for a Git LFS pointer that of its object, and notes about it. */
async function contentFacts(repository: Repository, content: Buffer): Promise<{ content: Buffer; facts: string[] }> {
  const pointer: LfsPointer | undefined = parseLfsPointer(content);
  if (!pointer) return { content, facts: [] };
  const object = await lfsObject(repository, pointer);
  return object
    ? { content: object, facts: ["Git LFS: content from the local store"] }
    : { content, facts: [`Git LFS pointer: its content, ${counted(pointer.size, "byte")}, is not in the local store`] };
}

function partFacts(
  { first, last, total, isCut, invalid, invisible, encoding }: Part,
  noun: string,
  plural: string,
): string[] {
  return [
    total === 0 ? "empty" : `${plural} ${first} to ${last} of ${total}`,
    ...(last < total ? [`next offset: ${last + 1}`] : []),
    ...(encoding === undefined ? [] : [`read as ${encoding}`]),
    ...(invalid > 0
      ? [`${counted(invalid, "byte")} here ${invalid === 1 ? "is" : "are"} not UTF-8 and shown as ⟨byte …⟩`]
      : []),
    ...(invisible > 0 ? [`${counted(invisible, "invisible character")} in these ${plural}`] : []),
    ...(isCut ? [`a long ${noun} is shortened`] : []),
  ];
}
