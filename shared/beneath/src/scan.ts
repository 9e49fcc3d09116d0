import type { Anchor } from "./anchor.ts";
import type { Link } from "./checked.ts";
import { refusal } from "./errors.ts";
import { find } from "./resolve.ts";

/** Where a scan begins, as plain data: a thread of this process can be given it. */
export interface ScanStart {
  readonly kind: "directory" | "file";
  /** Relative to the root, links resolved. */
  readonly path: string;
  /** A path that leads to the very directory or file, as long as the scan is not closed. */
  readonly place: string;
  /** Without handles: what the directories on the way were, to be looked at again and again. */
  readonly seen?: readonly Link[];
}

/** A directory or file that is held for a thread that reads it. */
export interface Scan extends Disposable {
  readonly start: ScanStart;
  /** Not before the thread has ended or said that it is done: it uses the number of a descriptor that this closes. */
  close(): void;
}

/** Finds and verifies what a thread is to scan. @throws as find, "not_a_file" for what is neither file nor directory */
export async function startScan(anchor: Anchor, relative: string): Promise<Scan> {
  const pin = await find(anchor, relative);
  try {
    if (!pin.stat.isDirectory() && !pin.stat.isFile()) throw refusal("not_a_file");
    const start: ScanStart = {
      kind: pin.stat.isDirectory() ? "directory" : "file",
      path: pin.inside,
      place: pin.path,
      ...(pin.chain && { seen: pin.chain.map(plain) }),
    };
    return { start, close: pin.close, [Symbol.dispose]: pin.close };
  } catch (error) {
    pin.close();
    throw error;
  }
}

const plain = ({ path, identity: { dev, ino, mode } }: Link): Link => ({ path, identity: { dev, ino, mode } });
