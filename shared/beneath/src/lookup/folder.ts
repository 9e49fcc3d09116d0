import { refusal } from "../errors.ts";
import { type Anchor, reopenAnchor } from "./anchor.ts";

/** Milliseconds between two looks at whether a watched folder is still the one that is watched. */
const LOOK_MS = 5000;

/** The folder of a root, whichever directory is at its path. */
export interface Folder {
  /**
   * Runs an operation with the directory that is at the folder's path now: one that was removed and made again, or was
   * mounted over the former, is opened first. @throws BeneathError "gone" when there is none, or it was closed
   */
  using<T>(operation: (anchor: Anchor) => Promise<T>): Promise<T>;
  /**
   * Keeps a watch going: `start` is called now, and again for each directory that takes the place of the former. It may
   * call `left` when its directory was moved or removed. `changed` is called when the folder is gone, and when it is
   * there again. Returns what ends the watch.
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
  /** Until the folder is there again. A directory that is made anew may look like the one that was removed. */
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
      // Once for all that wait. Those that run with the former directory end with it.
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

  /** Whoever only watches would otherwise not notice that the folder is back. */
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
