import { lstatSync } from "node:fs";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { BeneathError, errnoOf, refusal, translate } from "../errors.ts";
import type { Identity } from "../types/identity.ts";
import type { Access, Judge, Protection } from "../types/options.ts";
import { lstat } from "./calls.ts";
import { same } from "./checked.ts";
import { checkedRoot, type HeldRoot, handleRoot, openHandle } from "./held-root.ts";

/** The root, where every lookup begins. */
export interface Anchor extends HeldRoot {
  /** The real path at the time of opening. */
  readonly path: string;
  /** Absolute paths that callers may use for the root: its real path and the path that was requested. */
  readonly bases: readonly string[];
  readonly followLinks: "inside" | "never";
  readonly judge: Judge | undefined;
  /** The root's device if it is a local disk or memory, where calls never wait for another machine. */
  readonly local: bigint | undefined;
  /** Asks the judge about a path without links, before what it names is used. @throws BeneathError its answer */
  ask(inside: string, access: Access): void;
  /** Runs an operation while the root is held open. @throws BeneathError "gone" once it is closed */
  using<T>(operation: (anchor: Anchor) => Promise<T>): Promise<T>;
  /** Whether the directory at `path` is still the one that is held; true when the system cannot say. */
  isCurrent(): boolean | Promise<boolean>;
  /** Whether a file system was mounted on the directory when it was opened. */
  readonly isMount: boolean;
  close(): void;
}

export interface AnchorOptions {
  readonly followLinks: "inside" | "never";
  readonly judge: Judge | undefined;
  /** "checks" skips the probe, "handles" refuses anything weaker; undefined uses the best available. */
  readonly protection: Protection | undefined;
}

/** Milliseconds to wait for a file system that does not answer. */
const OPEN_MS = 10_000;

/** @throws BeneathError "io" when the file system does not answer, for example because its server is unreachable */
export async function openAnchor(dir: string, options: AnchorOptions): Promise<Anchor> {
  const asked = path.resolve(dir);
  return inTime(realpath(asked).then((real) => anchorAt(real, real === asked ? [real] : [real, asked], options)));
}

/**
 * Opens the directory that is now at an anchor's path, with the same protection. The path was resolved when the root
 * was opened, and links on it are no longer followed, so an attacker gains nothing by putting one there. If a file
 * system was mounted there, one must be mounted again: anything written to the empty mount point would be hidden by the
 * next mount. @throws BeneathError "gone" when no such directory is there
 */
export async function reopenAnchor(before: Anchor): Promise<Anchor> {
  let anchor: Anchor;
  try {
    anchor = await inTime(anchorAt(before.path, before.bases, before));
  } catch (error) {
    // A condition that may soon pass keeps its own code.
    const code = translate(error, "");
    throw code instanceof BeneathError && (code.code === "busy" || code.code === "io") ? code : refusal("gone");
  }
  if (anchor.isMount || !before.isMount) return anchor;
  anchor.close();
  throw refusal("gone", "The folder's file system is not mounted.");
}

async function inTime(opening: Promise<Anchor>): Promise<Anchor> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // If the answer arrives after the timeout, close what was opened.
      opening.then(({ close }) => close()).catch(() => undefined);
      reject(refusal("io", "The folder's file system does not answer."));
    }, OPEN_MS);
  });
  try {
    return await Promise.race([opening, silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function anchorAt(real: string, bases: readonly string[], options: AnchorOptions): Promise<Anchor> {
  // Paths are compared byte for byte below, which does not work for paths that are not UTF-8.
  if (real.includes("\uFFFD")) throw refusal("name", "The folder's real path is not UTF-8.");
  const found = await lstat(real);
  if (!found.isDirectory()) throw refusal("not_a_directory");
  const isMount = (await lstat(path.dirname(real))).dev !== found.dev;
  const handle = options.protection === "checks" ? undefined : await openHandle(real);
  // A link may have appeared on the path since it was resolved. With a handle, its location has already been checked.
  if (!handle && ((await realpath(real)) !== real || options.protection === "handles")) throw refusal("gone");
  const { fd, stat, local } = handle ?? { fd: undefined, stat: found, local: undefined };
  const held = fd === undefined ? checkedRoot(real, stat) : handleRoot(fd, real, local !== undefined);
  const isHeld = (there: Identity | undefined) => there !== undefined && same(there, stat);
  let users = 0;
  let closed = false;
  // Running operations use the root's descriptor by number, and the system would reuse that number for the next file.
  const release = () => {
    if (closed && users === 0) held.directory.close();
  };
  const anchor: Anchor = {
    ...held,
    path: real,
    bases,
    followLinks: options.followLinks,
    judge: options.judge,
    local,
    isMount,
    isCurrent() {
      // Synchronous on local disks: the trip through the thread pool would be a quarter of a small read's time.
      if (local === undefined && fd !== undefined) return lstat(real).then(isHeld, isUnknown);
      try {
        return isHeld(lstatSync(real, { bigint: true, throwIfNoEntry: false }));
      } catch (error) {
        return isUnknown(error);
      }
    },
    ask(inside, access) {
      const answer = options.judge?.(inside, access);
      if (answer) throw refusal(answer);
    },
    async using(operation) {
      if (closed) throw refusal("gone");
      users += 1;
      try {
        return await operation(anchor);
      } finally {
        users -= 1;
        release();
      }
    },
    close() {
      if (closed) return;
      closed = true;
      release();
    },
  };
  return anchor;
}

/** A process that is not allowed to look, for example because it dropped privileges, continues with what it holds. */
const isUnknown = (error: unknown) => errnoOf(error) !== "ENOENT" && errnoOf(error) !== "ENOTDIR";
