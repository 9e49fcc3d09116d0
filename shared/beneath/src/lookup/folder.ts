import { refusal } from "../errors.ts";
import { type Anchor, reopenAnchor } from "./anchor.ts";

/** Milliseconds between checks that a watched folder is still the same directory. */
const LOOK_MS = 5000;

/** The folder of a root, whichever directory is currently at its path. */
export interface Folder {
  /**
   * Runs an operation with the directory that is currently at the folder's path. One that was recreated, or mounted
   * over the previous one, is opened first. @throws BeneathError "gone" when there is none, or after close
   */
  using<T>(operation: (anchor: Anchor) => Promise<T>): Promise<T>;
  /**
   * Keeps a watch running: calls `start` now, and again for each directory that replaces the previous one. `start` may
   * call `left` when its directory was moved or removed. `changed` is called when the folder disappears and when it is
   * back. Returns a function that ends the watch.
   */
  keep(start: StartWatch, changed: () => void): () => void;
  close(): void;
}

type StartWatch = (anchor: Anchor, left: () => void) => () => void;

interface Kept {
  readonly start: StartWatch;
  readonly changed: () => void;
  stop: () => void;
}

export function folderOf(first: Anchor): Folder {
  let anchor = first;
  let closed = false;
  /** True until the folder is back. A recreated directory may look like the one that was removed. */
  let lost = false;
  let isTold = false;
  let reopening: Promise<void> | undefined;
  let looks: NodeJS.Timeout | undefined;
  const kept = new Set<Kept>();

  async function using<T>(operation: (anchor: Anchor) => Promise<T>): Promise<T> {
    if (closed) throw refusal("gone");
    const looked = anchor;
    const current = !lost && looked.isCurrent();
    if (current !== true && !(await current) && looked === anchor) {
      // One reopening for all callers. Operations on the previous directory end with it.
      reopening ??= reopen().finally(() => (reopening = undefined));
      await reopening;
    }
    return anchor.using(operation);
  }

  async function reopen(): Promise<void> {
    const former = anchor;
    try {
      anchor = await reopenAnchor(former);
    } catch (error) {
      if (!isTold) for (const { changed } of kept) changed();
      isTold = true;
      lost = true;
      throw error;
    }
    lost = false;
    isTold = false;
    former.close();
    if (closed) anchor.close();
    for (const one of kept) {
      one.stop();
      one.stop = one.start(anchor, left);
      one.changed();
    }
  }

  const left = () => {
    lost = true;
    look();
  };

  /** A caller that only watches would not notice otherwise that the folder is back. */
  function look(): void {
    using(async () => undefined).catch(() => undefined);
  }

  return {
    using,
    keep(start, changed) {
      const one = { start, changed, stop: start(anchor, left) };
      kept.add(one);
      looks ??= setInterval(look, LOOK_MS).unref();
      return () => {
        if (!kept.delete(one)) return;
        one.stop();
        if (kept.size > 0) return;
        clearInterval(looks);
        looks = undefined;
      };
    },
    close() {
      closed = true;
      clearInterval(looks);
      for (const { stop } of kept) stop();
      kept.clear();
      anchor.close();
    },
  };
}
