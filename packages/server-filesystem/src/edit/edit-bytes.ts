import { type UnifiedDiff, unifiedDiff } from "./diff.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { checkCharacters, decodeFile, encodeFile } from "./text-file.ts";

/** A file's bytes, and the edits to make. */
export interface EditJob {
  readonly bytes: Uint8Array;
  /** The path as the client gave it, for the diff and for errors. */
  readonly given: string;
  readonly edits: readonly Edit[];
  readonly encoding: string | undefined;
  /** Characters available for the diff. */
  readonly room: number;
}

export interface EditedFile {
  /** Undefined when nothing changes. */
  readonly bytes: Uint8Array | undefined;
  readonly diff: UnifiedDiff;
  /** Places that each edit changed. */
  readonly counts: readonly number[];
  /** Numbers, from 1, of the edits that change nothing. */
  readonly idle: readonly number[];
}

/** Edits a file in memory, all edits or none; edit-file.ts keeps large files off the event loop. */
export async function editBytes({ bytes, given, edits, encoding, room }: EditJob): Promise<EditedFile> {
  const file = await decodeFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { given }, encoding);
  for (const [index, { newText }] of edits.entries()) {
    await checkCharacters(newText, file.encoding, edits.length === 1 ? "newText" : `edits[${index}].newText`);
  }
  const { text, counts } = applyEdits(file.text, edits);
  const idle = edits.flatMap(({ oldText, newText }, index) => (oldText === newText ? [index + 1] : []));
  return {
    bytes: text === file.text ? undefined : await encodeFile({ ...file, text }),
    diff: unifiedDiff(file.text, text, given, room),
    counts,
    idle,
  };
}
