import { BeneathError, type Stat } from "@org/beneath";
import { quote, ToolError } from "@org/server-kit";
import { etagOf } from "../etag.ts";
import { LARGEST_NOTE } from "../limits.ts";
import { checkText, type Decoded, decode, encode } from "../markdown/text.ts";
import { folderOf } from "../note-path.ts";
import { within } from "../within.ts";
import { isCode, onFiles, toToolError } from "./errors.ts";
import type { Vault } from "./vault.ts";

/** The state of a note when it was read. */
export interface Note extends Decoded {
  readonly path: string;
  readonly etag: string;
  readonly stat: Stat;
}

const MOST_TRIES = 8;
/** Milliseconds that a write waits for the index, so that what follows finds it there. */
const INDEX_WAIT = 100;

/** @throws ToolError not_found, access_denied, too_large; unsupported when the file is no UTF-8 text */
export async function readNote({ root }: Vault, path: string, signal?: AbortSignal): Promise<Note> {
  const { bytes, stat } = await onFiles(path, () => root.read(path, { maxBytes: LARGEST_NOTE, signal }));
  const decoded = decode(bytes);
  if (!decoded)
    throw new ToolError("unsupported", `${quote(path, 200)} is no UTF-8 text. Convert it with another program.`);
  return { ...decoded, path, etag: etagOf(bytes), stat };
}

/** What a change did. */
export interface Changed {
  readonly before: Note;
  readonly after: Note;
  readonly isChanged: boolean;
}

/**
 * Changes a note: alone among all servers of the folder, and only when the bytes that are replaced are those that the
 * change was computed from. Another program's change in between is not overwritten: the change is computed again, or
 * refused when the caller named the state that it is meant for.
 * @throws ToolError conflict with the current etag
 */
export async function changeNote(
  vault: Vault,
  path: string,
  expectedEtag: string | undefined,
  change: (note: Note) => string,
  signal: AbortSignal,
): Promise<Changed> {
  const changed = await vault.exclusively(async () => {
    for (let tries = 1; ; tries++) {
      const before = await readNote(vault, path, signal);
      if (expectedEtag !== undefined && expectedEtag !== before.etag) throw stale(before.etag);
      const text = change(before);
      if (text === before.text) return { before, after: before, isChanged: false };
      // From here to the end the signal is not heeded: a write that has begun is finished.
      const after = await replaceNote(vault, before, text);
      if (after) return { before, after, isChanged: true };
      if (tries === MOST_TRIES) throw busy(path);
    }
  }, signal);
  if (changed.isChanged) await settled(vault, [path]);
  return changed;
}

/** @throws ToolError too_large; invalid_input for what could not be read again as it was written */
function bytesOf(decoded: Decoded): Buffer {
  checkText(decoded.text);
  const bytes = encode(decoded);
  if (bytes.length > LARGEST_NOTE) throw new ToolError("too_large", "the note would be larger than 16 MB. Split it.");
  return bytes;
}

const CHANGED = new ToolError("conflict", "the note has changed.");

/** @returns undefined when somebody changed the note since it was read */
async function replaceNote({ root }: Vault, note: Note, text: string): Promise<Note | undefined> {
  const bytes = bytesOf({ text, bom: note.bom });
  try {
    const stat = await root.write(note.path, bytes, {
      mode: "replace",
      check(current) {
        if (!current || etagOf(current) !== note.etag) throw CHANGED;
      },
    });
    return { path: note.path, text, bom: note.bom, etag: etagOf(bytes), stat };
  } catch (error) {
    if (error === CHANGED || isCode(error, "busy")) return undefined;
    throw toToolError(error, note.path);
  }
}

/**
 * Writes a new note, and the folders that it is in.
 * @throws ToolError already_exists when there is something, also when it appears in this moment
 */
export async function writeNewNote(vault: Vault, path: string, text: string): Promise<Note> {
  const bytes = bytesOf({ text, bom: false });
  const stat = await onFiles(path, async () => {
    await makeFolderOf(vault, path);
    return vault.root.write(path, bytes, { mode: "create" });
  });
  await settled(vault, [path]);
  return { path, text, bom: false, etag: etagOf(bytes), stat };
}

export async function makeFolderOf({ root }: Vault, path: string): Promise<void> {
  const folder = folderOf(path);
  if (folder !== "") await root.makeDirectory(folder, { recursive: true });
}

/** Lets the index take in what was changed, but not for long: it may be building itself. */
export async function settled({ index }: Vault, paths: readonly string[]): Promise<void> {
  await within(index.refresh(paths), INDEX_WAIT);
}

/** Whether something is at a path, and what; undefined for nothing. */
export async function kindAt({ root }: Vault, path: string): Promise<Stat["kind"] | undefined> {
  try {
    return (await root.stat(path)).kind;
  } catch (error) {
    if (error instanceof BeneathError && ["not_found", "not_a_directory", "name"].includes(error.code))
      return undefined;
    throw toToolError(error, path);
  }
}

export const stale = (etag: string) =>
  new ToolError(
    "conflict",
    `the note has changed: its etag is ${etag} now. Nothing was written. Read it again, then repeat the edit.`,
  );

const busy = (path: string) =>
  new ToolError("unavailable", `${quote(path, 200)} is being changed by another program again and again. Try again.`);
