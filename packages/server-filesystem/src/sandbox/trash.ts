import { randomBytes } from "node:crypto";
import path from "node:path";
import type { Root } from "@org/beneath";
import { isCode, onFiles } from "./errors.ts";
import type { Place } from "./types.ts";

/** Numbered names to try before a random one. */
const NUMBERED = 50;
/** Bytes of a name, short enough that the longer name of its record is still valid. */
const LONGEST = 240;

/** Where deleted entries and their records are kept. */
interface Layout {
  readonly files: string;
  readonly records: string;
}

/** A desktop trash (with `files` and `info`) is used as one, so that a file manager can restore from it. */
const DESKTOP: Layout = { files: "files/", records: "info" };
const PLAIN: Layout = { files: "", records: ".info" };

/**
 * Moves an entry into the trash under its own name, or a numbered one if that is taken, with a record of its origin in
 * the desktop format. @returns its name relative to the trash
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
        // The record comes first: it reserves the name, even against other processes.
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

/** `report.txt`, `report.2.txt` and so on, finally `report.8f3c….txt`. */
function nameOf(wanted: string, version: number, isDirectory: boolean): string {
  const { name, ext } = isDirectory ? { name: wanted, ext: "" } : path.parse(wanted);
  const suffix = version === 1 ? "" : version <= NUMBERED ? `.${version}` : `.${randomBytes(8).toString("hex")}`;
  // An extension that is most of the name does not count as one.
  const [stem, end] = ext.length > 32 ? [wanted, ""] : [name, ext];
  let cut = stem;
  while (Buffer.byteLength(cut + suffix + end) > LONGEST) cut = [...cut].slice(0, -1).join("");
  return cut + suffix + end;
}

/** The record of a deleted file, as in freedesktop.org's trash specification. */
function recordOf({ root, path: inside }: Place): string {
  const from = path.join(root.path, inside).split(path.sep).map(encodeURIComponent).join("/");
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  return `[Trash Info]\nPath=${from}\nDeletionDate=${local}\n`;
}
