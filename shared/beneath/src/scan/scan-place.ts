import {
  closeSync,
  constants,
  type Dir,
  type Dirent,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readdirSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { refusal } from "../errors.ts";
import { DIRECTORY, NOFOLLOW, NONBLOCK, PATH } from "../lookup/calls.ts";
import { changed, confirm, ROUNDS, same } from "../lookup/checked.ts";
import { linkOf } from "../lookup/handles.ts";
import type { Checkpoint } from "../types/identity.ts";
import type { ScanStart } from "../types/scan.ts";

/** A verified directory for a thread that may block: the counterpart of the asynchronous Directory. */
export interface ScanPlace {
  at(name: string): string;
  /** The names, read through a separate descriptor that is closed with the iteration. */
  names(): Iterable<Dirent>;
  enter(name: string): ScanPlace;
  /** Opens a regular file for reading, and never anything else, not even briefly. */
  openFile(name: string): number;
  /**
   * Opens an entry that the directory has just listed as a regular file, in half the time. If somebody put a FIFO or
   * device in its place at that very moment, it is opened without blocking and closed again.
   */
  openListed(name: string): number;
  /** Throws when the verified path has changed. */
  confirm(): void;
  close(): void;
}

/** Names read from the system at a time. */
const NAMES_AT_ONCE = 256;
/** Bytes of a directory that is read in one call: some tens of thousands of names. */
const SMALL_DIRECTORY = 1 << 20;
const READING = constants.O_RDONLY | NONBLOCK | (constants.O_NOCTTY ?? 0);
const nothing = () => undefined;

/** The directory where a scan begins. Whoever started the scan closes it. */
export function scanPlaceOf({ place, seen }: ScanStart): ScanPlace {
  return seen ? checkedPlace(place, seen) : handlePlace(place, nothing);
}

/** Opens the file where a scan begins. */
export function openStart({ place, seen }: ScanStart): number {
  return seen ? openChecked(place, seen) : openSync(place, READING);
}

function handlePlace(base: string, release: () => void): ScanPlace {
  let closed = false;
  const at = (name: string) => {
    // After close, the number may belong to any other file.
    if (closed) throw refusal("gone");
    return `${base}/${name}`;
  };
  return {
    at,
    names: () => direntsOf(at("")),
    enter(name) {
      const fd = openSync(at(name), PATH | DIRECTORY | NOFOLLOW);
      return handlePlace(linkOf(fd), () => closeSync(fd));
    },
    openFile(name) {
      // Checked before it is opened, so that a FIFO put in a file's place is never opened.
      const held = openSync(at(name), PATH | NOFOLLOW);
      try {
        if (!fstatSync(held).isFile()) throw refusal("not_a_file");
        return openSync(linkOf(held), READING);
      } finally {
        closeSync(held);
      }
    },
    openListed(name) {
      const fd = openSync(at(name), READING | NOFOLLOW);
      try {
        if (fstatSync(fd).isFile()) return fd;
      } catch (error) {
        closeSync(fd);
        throw error;
      }
      closeSync(fd);
      throw refusal("not_a_file");
    },
    confirm: nothing,
    close() {
      if (closed) return;
      closed = true;
      release();
    },
  };
}

/** Reads a small directory in one call, which is a third faster, and a larger one in pieces. */
function direntsOf(place: string): Iterable<Dirent> {
  const { size } = statSync(place);
  return size > 0 && size <= SMALL_DIRECTORY ? readdirSync(place, { withFileTypes: true }) : streamedFrom(place);
}

function* streamedFrom(place: string): Generator<Dirent> {
  const names = opendirSync(place, { bufferSize: NAMES_AT_ONCE });
  try {
    yield* streamed(names);
  } finally {
    names.closeSync();
  }
}

function* streamed(names: Dir): Generator<Dirent> {
  for (let dirent = names.readSync(); dirent; dirent = names.readSync()) yield dirent;
}

function checkedPlace(real: string, chain: readonly Checkpoint[]): ScanPlace {
  const look = (name: string) => {
    const place = path.join(real, name);
    const stat = lstatSync(place, { bigint: true });
    const links = [...chain, { path: place, identity: { dev: stat.dev, ino: stat.ino, mode: stat.mode } }];
    confirm(links, 1);
    return { place, stat, links };
  };
  function openFile(name: string): number {
    const { place, stat, links } = look(name);
    if (!stat.isFile()) throw refusal("not_a_file");
    return openChecked(place, links);
  }
  return {
    at: (name) => path.join(real, name),
    *names() {
      const names = opendirSync(real, { bufferSize: NAMES_AT_ONCE });
      try {
        confirm(chain, ROUNDS);
        yield* streamed(names);
      } finally {
        names.closeSync();
      }
    },
    enter(name) {
      const { place, stat, links } = look(name);
      if (!stat.isDirectory()) throw refusal("not_a_directory");
      return checkedPlace(place, links);
    },
    openFile,
    openListed: openFile,
    confirm: () => confirm(chain, ROUNDS),
    close: nothing,
  };
}

function openChecked(place: string, links: readonly Checkpoint[]): number {
  const fd = openSync(place, READING | NOFOLLOW);
  try {
    const last = links.at(-1);
    if (!last || !same(fstatSync(fd, { bigint: true }), last.identity)) throw changed();
    confirm(links, ROUNDS);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
