import { BeneathError, type Stat } from "@org/beneath";
import { quote, ToolError } from "@org/server-kit";
import { etagOf } from "../etag.ts";
import { LARGEST_NOTE } from "../limits.ts";
import { checkText, type Decoded, decode, encode } from "../markdown/text.ts";
import { folderOf } from "../note-path.ts";
import { within } from "../within.ts";
import { isCode, onFiles, toToolError } from "./errors.ts";
import type { Vault } from "./vault.ts";

/*
 * What stands around a write, from the outside in, and whom each guard is against:
 *
 * 1. The lock (`exclusively`): another server of this folder. Reading, changing and writing is one step for all of them.
 * 2. The etag that the caller names: the time between its reading and this call, in which the note may have become
 *    another. It is refused, and the new etag not handed out: who has not read the note must not overwrite it.
 * 3. The comparison of bytes in the moment of replacing (`check`): an editor or a synchronising program, which does not
 *    know the lock. The change is then computed again from what is there now.
 * 4. The atomic replacement (`root.write`): a crash, a full disk, a reader in the middle of it. Everybody sees the old
 *    note or the new one.
 * 5. The text that is written must be read again as it was (`bytesOf`): a model that passes half of a character or NUL,
 *    with which the whole note would stop being text.
 *
 * What they cannot stop is named in the README: a program that writes in the microseconds between 3 and 4.
 */

/** The state of a note when it was read. */
export interface Note extends Decoded {
  readonly path: string;
  readonly etag: string;
  readonly stat: Stat;
}

const MOST_TRIES = 8;
/** Milliseconds that a write waits for the index, so that the next call finds it there. */
const INDEX_WAIT = 100;

/** @throws ToolError not_found, access_denied, too_large; unsupported when the file is not UTF-8 text */
export async function readNote({ root }: Vault, path: string, signal?: AbortSignal): Promise<Note> {
  const { bytes, stat } = await onFiles(path, () => root.read(path, { maxBytes: LARGEST_NOTE, signal }));
  const decoded = decode(bytes);
  if (!decoded)
    throw new ToolError("unsupported", `${quote(path, 200)} is not UTF-8 text. Convert it with another program.`);
  return { ...decoded, path, etag: etagOf(bytes), stat };
}

/** The result of a change. */
export interface Changed {
  readonly before: Note;
  readonly after: Note;
  readonly isChanged: boolean;
}

/** How to change a note. */
export interface Change {
  readonly change: (note: Note) => string;
  readonly expectedEtag?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Changes a note: one change at a time among all servers of the folder, and only if the replaced bytes are those that
 * the change was computed from. Another program's change in between is not overwritten: the change is computed again,
 * or refused if the caller named the expected state. @throws ToolError conflict
 */
export async function changeNote(vault: Vault, path: string, change: Change): Promise<Changed> {
  const changed = await changeFile(vault, path, change);
  if (changed.isChanged) await settled(vault, [path]);
  return changed;
}

/** The same for one of many notes; the caller updates the index for all of them at the end. */
export async function changeFile(
  vault: Vault,
  path: string,
  { change, expectedEtag, signal }: Change,
): Promise<Changed> {
  return vault.exclusively(async () => {
    for (let tries = 1; ; tries++) {
      const before = await readNote(vault, path, signal);
      if (expectedEtag !== undefined && expectedEtag !== before.etag) throw STALE;
      const text = change(before);
      if (text === before.text) return { before, after: before, isChanged: false };
      // From here on the signal is ignored: a write that has begun is finished.
      const after = await replaceNote(vault, before, text);
      if (after) return { before, after, isChanged: true };
      if (tries === MOST_TRIES) throw busy(path);
    }
  }, signal);
}

/** @throws ToolError too_large; invalid_input for text that would not be read back as written */
function bytesOf(decoded: Decoded): Buffer {
  checkText(decoded.text);
  const bytes = encode(decoded);
  if (bytes.length > LARGEST_NOTE) throw new ToolError("too_large", "the note would be larger than 16 MB. Split it.");
  return bytes;
}

const CHANGED = new ToolError("conflict", "the note has changed.");

/** @returns undefined when the note has changed since it was read */
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
 * Writes a new note, and creates its folders. @throws ToolError already_exists when something exists there, even if it
 * appears at this moment
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

/** Waits for the index to take in a change, but not for long: it may still be being built. */
export async function settled({ index }: Vault, paths: readonly string[]): Promise<void> {
  await within(index.refresh(paths), INDEX_WAIT);
}

/** What is at a path; undefined for nothing. */
export async function kindAt({ root }: Vault, path: string): Promise<Stat["kind"] | undefined> {
  try {
    return (await root.stat(path)).kind;
  } catch (error) {
    if (error instanceof BeneathError && ["not_found", "not_a_directory", "name"].includes(error.code))
      return undefined;
    throw toToolError(error, path);
  }
}

const STALE = new ToolError(
  "conflict",
  "the note has changed since expected_etag was read. Nothing was written. Read the note again, then repeat the edit.",
);

const busy = (path: string) =>
  new ToolError("unavailable", `${quote(path, 200)} keeps being changed by another program. Try again.`);
