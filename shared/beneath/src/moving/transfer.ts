import { refusal, translate } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { childOf } from "../lookup/names.ts";
import type { Destination } from "../lookup/resolve.ts";
import type { Access } from "../types/options.ts";

/** The internals of a root, for operations on two of them. */
export interface Opened {
  readonly using: Anchor["using"];
  readonly readOnly: boolean;
  /** @throws BeneathError without a path */
  normal(path: string): string;
}

const openedRoots = new WeakMap<object, Opened>();

/** Gives operations on two roots access to a root's internals, which nobody else has. */
export const rememberOpened = (root: object, opened: Opened) => void openedRoots.set(root, opened);

/** Runs an operation with a destination in `root`, which is held open meanwhile. */
export async function withDestination<T>(
  root: object,
  path: string,
  operation: (destination: Destination) => Promise<T>,
): Promise<T> {
  const opened = openedRoots.get(root);
  if (!opened) throw new TypeError("`into` is not a root that openRoot made.");
  let running = false;
  try {
    if (opened.readOnly) throw refusal("read_only");
    const relative = opened.normal(path);
    return await opened.using((anchor) => {
      running = true;
      return operation({ anchor, path, relative });
    });
  } catch (error) {
    // Anything that fails before the operation runs concerns the destination.
    throw running ? error : translate(error, path, "destination");
  }
}

/** What a copy or move needs to know about itself. */
export interface Transfer {
  /** Asks the judges of both sides about an entry below the source; undefined when neither has one. */
  readonly may: ((inside: string) => void) | undefined;
  /** The destination as the caller gave it, for errors. */
  readonly to: string;
  /** Whether the source will be removed: then times are kept, and everything is flushed before it gets its name. */
  readonly keeps: boolean;
  readonly signal: AbortSignal | undefined;
}

interface End {
  readonly anchor: Anchor;
  /** The path of the entry, relative to its root. */
  readonly inside: string;
}

export function transferOf(
  source: End & { readonly access: Access },
  target: End & { readonly path: string },
  signal: AbortSignal | undefined,
): Transfer {
  const skip = source.inside === "" ? 0 : source.inside.length + 1;
  const may = (inside: string) => {
    source.anchor.ask(inside, source.access);
    try {
      target.anchor.ask(childOf(target.inside, inside.slice(skip)), "write");
    } catch (error) {
      throw translate(error, target.path, "destination");
    }
  };
  const judged = source.anchor.judge !== undefined || target.anchor.judge !== undefined;
  return { may: judged ? may : undefined, to: target.path, keeps: false, signal };
}

/** Reports failures as the destination's. */
export async function atDestination<T>({ to }: Pick<Transfer, "to">, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw translate(error, to, "destination");
  }
}
