import { closeSync, fstatSync, readSync } from "node:fs";
import { openScanner, type Root, type ScanDirectory, type ScanStart } from "@org/beneath";
import { LARGEST_NOTE } from "../../limits.ts";
import { folderOf, isNotePath, nameOf } from "../../note-path.ts";
import type { FileRecord } from "../store/file-record.ts";
import { loadRecordOf, type Seen, unreadable } from "./disk.ts";
import { slices } from "./slices.ts";
import type { FileState } from "./stamp.ts";

/** Reads one file for the index synchronously; like `readRecord`. */
export type ReadNow = () => FileRecord | undefined | "unknown";

/**
 * Reads files that a walk found, one after the other, with synchronous calls: with asynchronous ones, every small file
 * needs four trips through the thread pool, which take longer than the work itself.
 * @param each receives a function that reads one file
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
        // A held folder may be moved away, and its files with it; then they must not be found here.
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
      // A file too large for a note is known only by its name, like an attachment.
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
        // The system's error for an open file: the file exists, and may be readable later.
        return error instanceof Error && "syscall" in error ? "unknown" : unreadable(error);
      }
    },
    close: scanner.close,
  };
}

/** The state of the file before it was read, so that a change in between shows. */
function stateOf(fd: number): FileState {
  const { size, mtimeNs, birthtimeNs, ino } = fstatSync(fd, { bigint: true });
  return { size: Number(size), mtimeMs: Number(mtimeNs) / 1e6, birthtimeMs: Number(birthtimeNs) / 1e6, ino };
}

/** Reused, because nearly all notes fit; otherwise each would allocate memory. */
const USUAL = Buffer.allocUnsafeSlow(65_536);

/**
 * All bytes, valid until the next read; undefined when there are too many. Asks for one byte more than expected, to
 * notice without another call that a file has grown.
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
