import { lstatSync } from "node:fs";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { BeneathError, errnoOf, refusal, translate } from "../errors.ts";
import type { Identity } from "../types/identity.ts";
import type { Access, Judge, Protection } from "../types/options.ts";
import { lstat } from "./calls.ts";
import { same } from "./checked.ts";
import { checkedRoot, type HeldRoot, handleRoot, openHandle } from "./held-root.ts";

/** The root: where every lookup begins. */
export interface Anchor extends HeldRoot {
  /** The real path when it was opened. */
  readonly path: string;
  /** Absolute paths that callers may use for it: the real one, and the one that was asked for. */
  readonly bases: readonly string[];
  readonly followLinks: "inside" | "never";
  readonly judge: Judge | undefined;
  /** The root's device, where that is a disk of this machine, or memory: nobody else is waited for there. */
  readonly local: bigint | undefined;
  /** Asks the judge about a path without links, before what it names is used. @throws BeneathError its answer */
  ask(inside: string, access: Access): void;
  /** Runs an operation while the root is held open. @throws BeneathError "gone" once it is closed */
  using<T>(operation: (anchor: Anchor) => Promise<T>): Promise<T>;
  /** Whether the directory at `path` is still the one that is held; true when the system gives no answer. */
  isCurrent(): boolean | Promise<boolean>;
  /** Whether a file system was mounted on the directory when it was opened. */
  readonly isMount: boolean;
  close(): void;
}

export interface AnchorOptions {
  readonly followLinks: "inside" | "never";
  readonly judge: Judge | undefined;
  /** "checks" skips the probe, "handles" refuses anything less; undefined takes what there is. */
  readonly protection: Protection | undefined;
}

/** Milliseconds after which a file system that does not answer is given up. */
const OPEN_MS = 10_000;

/** @throws BeneathError "io" when the file system does not answer, as a server that cannot be reached */
export async function openAnchor(dir: string, options: AnchorOptions): Promise<Anchor> {
  const asked = path.resolve(dir);
  return inTime(realpath(asked).then((real) => anchorAt(real, real === asked ? [real] : [real, asked], options)));
}

/**
 * Opens the directory that is now at an anchor's path, with the same protection. The path was resolved when the root was
 * opened: from then on no link on it is followed, so whoever puts one there leads nowhere. Where a file system was
 * mounted, one must be again: what is written to the empty mount point would be hidden by the next mount.
 * @throws BeneathError "gone" when no such directory is there
 */
export async function reopenAnchor(before: Anchor): Promise<Anchor> {
  let anchor: Anchor;
  try {
    anchor = await inTime(anchorAt(before.path, before.bases, before));
  } catch (error) {
    // What may be over in a moment keeps its name.
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
      // When the answer comes after all, nobody waits for it.
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
  // Paths are compared byte for byte below, which a path that is not UTF-8 would not survive.
  if (real.includes("\uFFFD")) throw refusal("name", "The folder's real path is not UTF-8.");
  const found = await lstat(real);
  if (!found.isDirectory()) throw refusal("not_a_directory");
  const isMount = (await lstat(path.dirname(real))).dev !== found.dev;
  const handle = options.protection === "checks" ? undefined : await openHandle(real);
  // A link may have come on the way since the path was resolved; a handle has been asked where it is.
  if (!handle && ((await realpath(real)) !== real || options.protection === "handles")) throw refusal("gone");
  const { fd, stat, local } = handle ?? { fd: undefined, stat: found, local: undefined };
  const held = fd === undefined ? checkedRoot(real, stat) : handleRoot(fd, real, local !== undefined);
  const isHeld = (there: Identity | undefined) => there !== undefined && same(there, stat);
  let users = 0;
  let closed = false;
  // A running operation uses the root's descriptor by its number, which the system would give to the next file.
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
      // At once where nobody is waited for: handing it to a thread would take a quarter of a small read's time.
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

/** A process that may not look, for example because it gave up privileges, goes on with what it holds. */
const isUnknown = (error: unknown) => errnoOf(error) !== "ENOENT" && errnoOf(error) !== "ENOTDIR";
