import { refusal } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { find } from "../lookup/resolve.ts";
import type { Checkpoint } from "../types/identity.ts";
import type { Scan, ScanStart } from "../types/scan.ts";

/** Finds and verifies what a thread is to scan. @throws as find, "not_a_file" for anything but a file or directory */
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

const plain = ({ path, identity: { dev, ino, mode } }: Checkpoint): Checkpoint => ({
  path,
  identity: { dev, ino, mode },
});
