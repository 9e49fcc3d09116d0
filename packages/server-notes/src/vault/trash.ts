import { quote, ToolError } from "@org/server-kit";
import { LARGEST_NOTE } from "../limits.ts";
import { facts } from "../markdown/facts.ts";
import { decode } from "../markdown/text.ts";
import { folderOf, foldName, fromVisibleName, isNotePath, stemOf } from "../note-path.ts";
import { isCode, onFiles, toToolError } from "./errors.ts";
import { isHalfMoved } from "./half-moved.ts";
import { kindAt, makeFolderOf, settled } from "./notes.ts";
import { safePath } from "./resolve.ts";
import type { Vault } from "./vault.ts";

/** Where Obsidian also puts deleted notes, with their folders. */
const TRASH = ".trash";
const MOST_VERSIONS = 9999;
const MOST_READ = 2000;
const LISTED = 10;

/** A deleted note. */
interface Trashed {
  /** Its current path. */
  readonly path: string;
  readonly original: string;
  /** 1 for the first one deleted from this path. */
  readonly version: number;
}

const VERSIONED = /^(.+)\.~(\d{1,4})(\.\w+)$/;

/** `a/b.md` deleted for the second time is `.trash/a/b.~2.md`; a name already in that form gets `.~1`. */
function trashPath(path: string, version: number): string {
  const isPlain = version === 1 && !VERSIONED.test(path);
  return `${TRASH}/${isPlain ? path : path.replace(/(\.\w+)$/, `.~${version}$1`)}`;
}

function asTrashed(path: string): Trashed | undefined {
  const inside = path.slice(TRASH.length + 1);
  const [, head, version, ending] = VERSIONED.exec(inside) ?? [];
  const original = head === undefined ? inside : `${head}${ending}`;
  return isNotePath(original) ? { path, original, version: Number(version ?? 1) } : undefined;
}

/** Moves a note into the trash, beside those deleted earlier from the same path. @returns its path there */
export async function trashNote(vault: Vault, path: string, signal: AbortSignal): Promise<string> {
  const trashed = await vault.exclusively(async () => {
    const first = await nextVersion(vault, path);
    for (let version = first; version <= MOST_VERSIONS; version++) {
      const to = trashPath(path, version);
      try {
        await makeFolderOf(vault, to);
        await vault.root.rename(path, to);
        return to;
      } catch (error) {
        if (!isCode(error, "exists")) throw toToolError(error, path);
      }
    }
    throw new ToolError(
      "conflict",
      `${quote(path, 200)} has too many copies in the trash. Empty .trash with another program.`,
    );
  }, signal);
  await settled(vault, [path]);
  return trashed;
}

/**
 * One more than the highest existing one: others may have removed older ones, and the latest has the highest number.
 */
async function nextVersion(vault: Vault, path: string): Promise<number> {
  const folder = folderOf(trashPath(path, 1));
  let highest = 0;
  try {
    for await (const { name, kind, addressable } of vault.root.list(folder)) {
      const trashed = kind === "file" && addressable ? asTrashed(`${folder}/${name}`) : undefined;
      if (trashed?.original !== path) continue;
      // Left by a crash while deleting this very note; the deletion is completed now.
      if (await isHalfMoved(vault, path, trashed.path)) await vault.root.remove(trashed.path);
      else highest = Math.max(highest, trashed.version);
    }
  } catch (error) {
    if (!isCode(error, "not_found")) throw toToolError(error, path);
  }
  return highest + 1;
}

/**
 * Moves the latest deleted note with this path or title back to its original path. @returns its path @throws ToolError
 * not_found, already_exists; invalid_input when several notes have the title
 */
export async function restoreNote(vault: Vault, note: string, signal: AbortSignal): Promise<string> {
  const wanted = fromVisibleName(note).replace(/^\.trash\//, "");
  if (/[/\\]/.test(wanted) || wanted.trim() === "") safePath(vault, wanted, "note");
  const path = await vault.exclusively(async () => {
    const { path: from, original } = choose(await candidates(vault, wanted, signal), note);
    if (await isHalfMoved(vault, from, original)) {
      // A crash interrupted a restore, or a deletion that is now undone.
      await onFiles(original, () => vault.root.remove(from));
      return original;
    }
    if ((await kindAt(vault, original)) !== undefined) {
      throw new ToolError(
        "already_exists",
        `${quote(original, 200)} already exists. Move that note away with move_note first.`,
      );
    }
    await onFiles(original, async () => {
      await makeFolderOf(vault, original);
      await vault.root.rename(from, original);
    });
    return original;
  }, signal);
  await settled(vault, [path]);
  return path;
}

/** The latest of those deleted from one path. */
function choose(found: readonly Trashed[], note: string): Trashed {
  const [first] = found;
  if (!first) throw new ToolError("not_found", `there is no deleted note ${quote(note)}. Pass the path it had.`);
  const originals = [...new Set(found.map(({ original }) => original))];
  if (originals.length === 1) return found.reduce((a, b) => (b.version > a.version ? b : a));
  const shown = originals.slice(0, LISTED).map((path) => quote(path, 200));
  throw new ToolError(
    "invalid_input",
    `${originals.length} deleted notes are called ${quote(note)}: ${shown.join(", ")}. Pass one of these paths.`,
  );
}

/** By path, then by file name, then by title. */
async function candidates(vault: Vault, note: string, signal: AbortSignal): Promise<readonly Trashed[]> {
  const all = await trashedNotes(vault, signal);
  const folded = foldName(note);
  const tests: readonly ((trashed: Trashed) => boolean)[] = [
    ({ original }) => original === note || original === `${note}.md`,
    ({ original }) => foldName(original) === folded || foldName(original) === `${folded}.md`,
    ({ original }) => stemOf(original) === note,
    ({ original }) => foldName(stemOf(original)) === folded,
  ];
  for (const test of tests) {
    const found = all.filter(test);
    if (found.length > 0) return found;
  }
  const titled = await Promise.all(
    all.slice(0, MOST_READ).map(async (trashed) => ((await titleOf(vault, trashed)) === folded ? [trashed] : [])),
  );
  return titled.flat();
}

async function titleOf({ root }: Vault, { path, original }: Trashed): Promise<string | undefined> {
  try {
    const decoded = decode((await root.read(path, { maxBytes: LARGEST_NOTE })).bytes);
    return decoded && foldName(facts(decoded.text, original).title);
  } catch {
    return undefined;
  }
}

async function trashedNotes({ root }: Vault, signal: AbortSignal): Promise<Trashed[]> {
  const found: Trashed[] = [];
  try {
    for await (const { path, kind, addressable } of root.walk(TRASH, { signal })) {
      const trashed = kind === "file" && addressable ? asTrashed(path) : undefined;
      if (trashed) found.push(trashed);
    }
  } catch (error) {
    if (!isCode(error, "not_found")) throw toToolError(error, TRASH);
  }
  return found;
}
