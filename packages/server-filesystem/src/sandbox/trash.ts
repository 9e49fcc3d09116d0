import { randomBytes } from "node:crypto";
import path from "node:path";
import type { Root } from "@org/beneath";
import { isCode, onFiles } from "./errors.ts";
import type { Place } from "./types.ts";

/** Names that are tried with a number, before one that nobody else has. */
const NUMBERED = 50;
/** Bytes of a name, so that its record's, with a longer ending, still is one. */
const LONGEST = 240;

/** Where deleted things and the records of them are. */
interface Layout {
  readonly files: string;
  readonly records: string;
}

/** A trash of a desktop (with `files` and `info`) is used as such, so that a file manager restores from it. */
const DESKTOP: Layout = { files: "files/", records: "info" };
const PLAIN: Layout = { files: "", records: ".info" };

/**
 * Moves an entry into the trash under its own name, or one with a number when that is taken, with a record of where
 * it was, as desktops write them. @returns its name there, relative to the trash
 */
export async function moveToTrash(
  place: Place,
  trash: Root,
  isDirectory: boolean,
  signal: AbortSignal,
): Promise<string> {
  const { files, records } = await layoutOf(trash);
  const wanted = path.basename(place.path);
  return onFiles(place, async () => {
    await trash.makeDirectory(records, { recursive: true });
    for (let version = 1; ; version += 1) {
      const name = nameOf(wanted, version, isDirectory);
      const record = `${records}/${name}.trashinfo`;
      try {
        // The record comes first: it takes the name, also from another process.
        await trash.write(record, recordOf(place), { mode: "create", durable: false });
      } catch (error) {
        if (isCode(error, "exists") && version <= NUMBERED) continue;
        throw error;
      }
      try {
        await place.root.rename(place.path, files + name, { into: trash, signal });
        return files + name;
      } catch (error) {
        await trash.remove(record);
        if (!isCode(error, "exists") || version > NUMBERED) throw error;
      }
    }
  });
}

async function layoutOf(trash: Root): Promise<Layout> {
  const isDirectory = async (name: string) => {
    try {
      return (await trash.stat(name)).kind === "directory";
    } catch {
      return false;
    }
  };
  return (await isDirectory("files")) && (await isDirectory("info")) ? DESKTOP : PLAIN;
}

/** `report.txt`, `report.2.txt` and so on, in the end `report.8f3c….txt`. */
function nameOf(wanted: string, version: number, isDirectory: boolean): string {
  const { name, ext } = isDirectory ? { name: wanted, ext: "" } : path.parse(wanted);
  const suffix = version === 1 ? "" : version <= NUMBERED ? `.${version}` : `.${randomBytes(8).toString("hex")}`;
  // An ending that is most of the name is none.
  const [stem, end] = ext.length > 32 ? [wanted, ""] : [name, ext];
  let cut = stem;
  while (Buffer.byteLength(cut + suffix + end) > LONGEST) cut = [...cut].slice(0, -1).join("");
  return cut + suffix + end;
}

/** What freedesktop.org's trash specification says of a deleted file. */
function recordOf({ root, path: inside }: Place): string {
  const from = path.join(root.path, inside).split(path.sep).map(encodeURIComponent).join("/");
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  return `[Trash Info]\nPath=${from}\nDeletionDate=${local}\n`;
}
