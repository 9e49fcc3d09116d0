import { type BigIntStats, closeSync, openSync, readlinkSync, statfsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { refusal } from "../errors.ts";
import type { Identity } from "../types/identity.ts";
import type { Protection } from "../types/options.ts";
import { DIRECTORY, fstat, lstat, NOFOLLOW, open, PATH } from "./calls.ts";
import { checkedDirectory } from "./checked.ts";
import type { Directory } from "./directory.ts";
import { handleDirectory, linkOf } from "./handles.ts";

/** statfs type of a real /proc. */
const PROC_SUPER_MAGIC = 0x9fa0;
/** statfs types of disks and memory: ext, XFS, Btrfs, F2FS, ZFS, bcachefs, tmpfs, ramfs, overlay. */
const LOCAL: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0xca451a4e, 0x01021994, 0x858458f6, 0x794c7630,
]);

/** The directory of a root, held open or remembered by path. */
export interface HeldRoot {
  readonly protection: Protection;
  readonly directory: Directory;
  /** @throws BeneathError "gone" when the root is no longer at its path */
  present(): void;
  /**
   * Opens `relative` in one call if the path contains no link and the root is still at its path; undefined when the
   * path must be walked, or fails.
   */
  shortcut(relative: string, flags: number): Promise<number | undefined>;
  /** Records that an entry was found on the root's own disk, so that its siblings can be opened synchronously. */
  near(relative: string): void;
}

/**
 * Milliseconds for which a directory counts as being on the root's own disk; after that, another may have been mounted.
 */
const NEAR_MS = 5000;
/** Most directories that are remembered as being on it. */
const MOST_NEAR = 1000;

/** @param isLocal whether the root is on a local disk or in memory */
export function handleRoot(fd: number, real: string, isLocal: boolean): HeldRoot {
  // Bytes as latin1: decoding as UTF-8 could make different names equal.
  const bytes = Buffer.from(real).toString("latin1");
  const prefix = bytes === "/" ? "/" : `${bytes}/`;
  const nearUntil = new Map<string, number>();
  const whereIs = (held: number) => readlinkSync(linkOf(held), "latin1");
  return {
    protection: "handles",
    directory: handleDirectory(fd, ""),
    present() {
      // The kernel's current path of the handle: different when it was moved or unmounted, with " (deleted)" when
      // removed.
      if (whereIs(fd) !== bytes) throw refusal("gone");
    },
    async shortcut(relative, flags) {
      let found: number | undefined;
      try {
        const target = `${linkOf(fd)}/${relative || "."}`;
        const isNear = (nearUntil.get(parentOf(relative)) ?? 0) > performance.now();
        // On a local disk the call returns sooner than the thread pool would.
        found = isNear ? openSync(target, PATH | NOFOLLOW | flags) : await open(target, PATH | NOFOLLOW | flags);
        // The kernel may have followed links, even out of the root. If the handle's path is exactly the requested one,
        // it did not; otherwise the caller walks instead and judges each link.
        const expected = relative === "" ? bytes : prefix + Buffer.from(relative).toString("latin1");
        if (whereIs(found) === expected) return found;
      } catch {
        // The walk reports the right error; the kernel's may be about something outside.
      }
      if (found !== undefined) closeSync(found);
      return undefined;
    },
    near(relative) {
      if (!isLocal) return;
      if (nearUntil.size === MOST_NEAR) nearUntil.clear();
      nearUntil.set(parentOf(relative), performance.now() + NEAR_MS);
    },
  };
}

const parentOf = (relative: string) => relative.slice(0, Math.max(0, relative.lastIndexOf("/")));

export function checkedRoot(real: string, stat: Identity): HeldRoot {
  const directory = checkedDirectory(real, stat, "");
  return {
    protection: "checks",
    directory,
    present() {
      try {
        directory.confirm();
      } catch {
        throw refusal("gone");
      }
    },
    shortcut: async () => undefined,
    near: () => undefined,
  };
}

export interface RootHandle {
  readonly fd: number;
  readonly stat: BigIntStats;
  readonly local: bigint | undefined;
}

/**
 * Opens a handle of the root if handles can be trusted here: /proc is real, lists this process's descriptors, reports
 * their paths, and leads to that very directory. Otherwise undefined.
 */
export async function openHandle(real: string): Promise<RootHandle | undefined> {
  if (process.platform !== "linux") return undefined;
  let fd: number | undefined;
  try {
    fd = await open(real, PATH | DIRECTORY | NOFOLLOW);
    const stat = await fstat(fd);
    const through = await lstat(`${linkOf(fd)}/.`);
    const trusted =
      statfsSync("/proc/self/fd").type === PROC_SUPER_MAGIC &&
      readlinkSync(linkOf(fd)) === real &&
      through.dev === stat.dev &&
      through.ino === stat.ino;
    // While the root is held, its device number cannot be reused for another file system.
    if (trusted) return { fd, stat, local: LOCAL.has((await statfs(linkOf(fd))).type) ? stat.dev : undefined };
  } catch {
    // Without /proc, or with one that hides its entries, use checked paths.
  }
  if (fd !== undefined) closeSync(fd);
  return undefined;
}
