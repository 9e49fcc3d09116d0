import type { Stat } from "@org/beneath";
import { ToolError } from "@org/server-kit";
import { isCode, onFiles } from "../sandbox/errors.ts";
import { refuseTwin } from "../sandbox/look-alike.ts";
import type { Place } from "../sandbox/types.ts";
import { type Encoding, findEncoding, UTF8 } from "../text/encodings.ts";
import { etagOfFile } from "../text/etag.ts";
import { notText, unknownEncoding } from "../text/guess.ts";
import { withWhole } from "../text/whole.ts";
import { changeBytes, expecting, missing } from "./change.ts";
import { type Style, styleOf, withLineEnds } from "./style.ts";
import { checkCharacters, encodeFile } from "./text-file.ts";

/** A text, and how to write it. */
export interface TextToWrite {
  readonly content: string;
  /** The state that it was written for. */
  readonly expected: string | undefined;
  readonly mode: "replace" | "create" | "append";
  readonly createParents: boolean;
  /** Of the encoding; by default the file's own, or UTF-8. */
  readonly label: string | undefined;
  /** Most bytes of a file that is read into memory. */
  readonly maxRead: number;
}

interface Written {
  readonly etag: string;
  readonly bytes: number;
  readonly encoding: string;
  readonly created: boolean;
  readonly notes: readonly string[];
}

/** How many times a file that keeps appearing and disappearing is looked at again. */
const MOST_TRIES = 8;

/**
 * Creates a file, replaces it, or appends to it; readers see the old text or the new. @throws ToolError conflict when
 * the file is not in the expected state
 */
export function writeText(place: Place, write: TextToWrite, signal: AbortSignal): Promise<Written> {
  return onFiles({ ...place, isNew: true }, async () => {
    let hasParents = false;
    for (let tries = 1; ; tries += 1) {
      try {
        const written = await writeOnce(place, write, signal);
        return hasParents ? { ...written, notes: [...written.notes, "missing directories were created"] } : written;
      } catch (error) {
        // The file was created or removed since it was looked at.
        const isOther = isCode(error, "exists", "not_found") && !(write.mode === "create" && isCode(error, "exists"));
        if (!isOther || tries === MOST_TRIES) throw error;
        if (isCode(error, "exists") || (await hasParent(place))) continue;
        if (!write.createParents) throw error;
        await place.root.makeDirectory(parentOf(place.path), { recursive: true, signal });
        hasParents = true;
      }
    }
  });
}

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

async function hasParent({ root, path }: Place): Promise<boolean> {
  try {
    await root.stat(parentOf(path));
    return true;
  } catch (error) {
    if (isCode(error, "not_found")) return false;
    throw error;
  }
}

async function writeOnce(place: Place, write: TextToWrite, signal: AbortSignal): Promise<Written> {
  const { expected, mode, maxRead, label } = write;
  const before = mode === "create" ? undefined : await styleAt(place, maxRead, signal);
  if (before && mode === "append") return append(place, write, signal);
  if (!before && expected !== undefined) throw missing();
  if (!before) await refuseTwin(place);
  const marked = label === undefined ? before?.encoding : undefined;
  const encoding = marked ?? (label === undefined ? UTF8 : await findEncoding(label, Buffer.alloc(0)));
  const { text, notes } = withLineEnds(write.content, before?.lineEnds ?? "none");
  await checkCharacters(text, encoding, "content");
  // Programs that mark their files rely on the mark: without it they would not read the file as UTF-8.
  const needsMark = marked ? before?.isMarked === true : encoding.unit > 1;
  const isSelfMarked = text.startsWith("\uFEFF");
  const bytes = await encodeFile({ text, encoding, isMarked: needsMark && !isSelfMarked });
  signal.throwIfAborted();
  const inspect = expected === undefined ? undefined : expecting(expected);
  const stat: Stat = await place.root.write(place.path, bytes, { mode: before ? "replace" : "create", inspect });
  const isOther = before && !before.encoding && !before.isBinary && label === undefined && before.lineEnds !== "none";
  return {
    etag: etagOfFile(bytes, stat),
    bytes: bytes.length,
    encoding: nameOf(encoding, needsMark || isSelfMarked),
    created: before === undefined,
    notes: [...notes, ...(isOther ? ["the file was not UTF-8 before, and is now: pass its encoding to keep it"] : [])],
  };
}

const nameOf = ({ name }: Encoding, isMarked: boolean) => `${name}${isMarked ? " with byte order mark" : ""}`;

/** How the existing file is written; undefined when there is none. */
async function styleAt(place: Place, maxRead: number, signal: AbortSignal): Promise<Style | undefined> {
  try {
    return await withWhole(place, maxRead, { signal }, ({ bytes }) => styleOf(bytes));
  } catch (error) {
    if (isCode(error, "not_found")) return undefined;
    // A file that may be written but not read.
    if (isCode(error, "no_permission")) return styleOf(Buffer.alloc(0));
    if (!isCode(error, "too_large")) throw error;
  }
  // Only part of the file is read, so its line ends are not known for certain and not followed.
  await using file = await place.root.open(place.path);
  return { ...(await styleOf(await file.read(0, START, signal))), lineEnds: "none" };
}

/** Bytes of a large file that are read. */
const START = 65_536;

async function append(place: Place, write: TextToWrite, signal: AbortSignal): Promise<Written> {
  const { maxRead, expected: expectedEtag, label } = write;
  const { etag, facts } = await changeBytes(place, { maxRead, expectedEtag, signal }, async (bytes) => {
    const style = await styleOf(bytes);
    const isAscii = !/[^\0-\x7f]/.test(write.content);
    if (style.isBinary && label === undefined) throw notText(place, bytes);
    const encoding =
      label === undefined ? (style.encoding ?? (isAscii ? UTF8 : undefined)) : await findEncoding(label, bytes);
    if (!encoding) throw await unknownEncoding(place, bytes);
    const { text, notes } = withLineEnds(write.content, style.lineEnds);
    await checkCharacters(text, encoding, "content");
    const added = await encodeFile({ text, encoding, isMarked: false });
    const isOpen = bytes.length > 0 && bytes.lastIndexOf(10) < bytes.length - encoding.unit;
    const all = Buffer.concat([bytes, added]);
    const open = isOpen ? ["the file did not end with a line break: the text continues its last line"] : [];
    return {
      bytes: all,
      facts: { size: all.length, encoding: nameOf(encoding, style.isMarked), notes: [...notes, ...open] },
    };
  });
  const { size, encoding, notes } = facts;
  return { etag, bytes: size, encoding, created: false, notes };
}

/** @throws ToolError invalid_input for a text that cannot be intended */
export function refuseHalves(content: string): void {
  if (/\p{Surrogate}/u.test(content)) {
    throw new ToolError(
      "invalid_input",
      "content contains half of a character (a lone surrogate). Pass whole characters.",
    );
  }
}
