import { closeSync, fstatSync, readSync } from "node:fs";
import { openScanner, type Root, type ScanDirectory, type ScanStart } from "@org/beneath";
import { LARGEST_NOTE } from "../../limits.ts";
import { folderOf, isNotePath, nameOf } from "../../note-path.ts";
import type { FileRecord } from "../store/file-record.ts";
import { loadRecordOf, type Seen, unreadable } from "./disk.ts";
import { slices } from "./slices.ts";
import type { FileState } from "./stamp.ts";

/** Reads one file for the index, at once; as `readRecord`. */
export type ReadNow = () => FileRecord | undefined | "unknown";

/**
 * Reads files that a walk found, one after the other, each call waiting for the system: through Node's own threads every
 * small file costs four trips, which take longer than what is done with it.
 * @param each is to read each of them
 * @throws BeneathError when the folder itself cannot be read
 */
export async function readFound(
  root: Root,
  files: readonly Seen[],
  each: (path: string, read: ReadNow) => void,
): Promise<void> {
  const recordOf = await loadRecordOf();
  const scan = await root.scan("");
  const slice = slices();
  let reader = openReader(scan.start, recordOf);
  try {
    for (const { path } of files) {
      if (slice.isOver()) {
        // A folder that is held may go to another place meanwhile, and its files with it: they are not to be found here.
        reader.close();
        await slice.next();
        reader = openReader(scan.start, recordOf);
      }
      each(path, () => reader.read(path));
    }
  } finally {
    reader.close();
    scan.close();
  }
}

type RecordOf = Awaited<ReturnType<typeof loadRecordOf>>;

interface Reader {
  read(path: string): FileRecord | undefined | "unknown";
  close(): void;
}

function openReader(start: ScanStart, recordOf: RecordOf): Reader {
  const scanner = openScanner(start);
  const directories = new Map([["", scanner.start]]);

  function directoryOf(folder: string): ScanDirectory {
    const held = directories.get(folder);
    if (held) return held;
    const above = { path: folder, name: nameOf(folder), directory: directoryOf(folderOf(folder)) };
    const directory = scanner.into({ ...above, addressable: true, kind: "directory" });
    directories.set(folder, directory);
    return directory;
  }

  function readNote(path: string): FileRecord {
    const fd = scanner.openIn(directoryOf(folderOf(path)), nameOf(path));
    try {
      const state = stateOf(fd);
      // One that is too large to be a note is known by its name, like an attachment.
      const bytes = state.size > LARGEST_NOTE ? undefined : readBytes(fd, state.size);
      return recordOf(path, state, Date.now(), bytes);
    } finally {
      closeSync(fd);
    }
  }

  function lookAt(path: string): FileRecord | undefined {
    const entry = { path, name: nameOf(path), directory: directoryOf(folderOf(path)) };
    const stat = scanner.stat({ ...entry, addressable: true, kind: "file" });
    return stat.kind === "file" ? recordOf(path, stat, Date.now()) : undefined;
  }

  return {
    read(path) {
      try {
        return isNotePath(path) ? readNote(path) : lookAt(path);
      } catch (error) {
        // Told by the system of a file that is open: there is one, and another time it may be read.
        return error instanceof Error && "syscall" in error ? "unknown" : unreadable(error);
      }
    },
    close: scanner.close,
  };
}

/** What the file was before it was read, so that a change meanwhile shows. */
function stateOf(fd: number): FileState {
  const { size, mtimeNs, birthtimeNs, ino } = fstatSync(fd, { bigint: true });
  return { size: Number(size), mtimeMs: Number(mtimeNs) / 1e6, birthtimeMs: Number(birthtimeNs) / 1e6, ino };
}

/** Nearly all notes fit; each would take memory of its own. */
const USUAL = Buffer.allocUnsafeSlow(65_536);

/**
 * All bytes, which are good until the next are read; undefined when they become too many. One byte more than expected
 * is asked for, so that a file that has grown is noticed without another call.
 */
function readBytes(fd: number, expected: number): Uint8Array | undefined {
  let buffer = expected < USUAL.length ? USUAL : Buffer.allocUnsafeSlow(expected + 1);
  for (let length = 0; ; ) {
    const read = readSync(fd, buffer, length, buffer.length - length, length);
    length += read;
    if (length > LARGEST_NOTE) return undefined;
    if (read === 0 || length === expected) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], length * 2);
  }
}
