import type { Link } from "./client.ts";

/** How long an unused connection stays open. */
const IDLE_MS = 30_000;

export interface Pool<L extends Link> {
  /** Takes a connection for one call; others wait in order until their signal is aborted. */
  take(signal: AbortSignal): Promise<L>;
  /** Returns a connection, which is reused if it is clean. */
  give(link: L, isClean: boolean): void;
  /** Removes a broken connection, and idle ones with it: they are as old, and probably broken too. */
  drop(link: L): void;
  close(): void;
}

/** At most `size` connections, opened on demand. */
export function createPool<L extends Link>(size: number, open: () => Promise<L>): Pool<L> {
  const idle: { readonly link: L; readonly timer: NodeJS.Timeout }[] = [];
  const waiting: (() => void)[] = [];
  let count = 0;
  let isClosed = false;

  const next = () => waiting.shift()?.();
  const end = (link: L) => {
    link.destroy();
    count--;
    next();
  };
  const endIdle = () => {
    for (const { link, timer } of idle.splice(0)) {
      clearTimeout(timer);
      end(link);
    }
  };
  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      const stop = () => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      waiting.push(go);
      signal.addEventListener("abort", stop, { once: true });
    });

  return {
    async take(signal) {
      for (;;) {
        signal.throwIfAborted();
        const kept = idle.pop();
        if (kept) {
          clearTimeout(kept.timer);
          if (kept.link.isUsable()) {
            kept.link.hold(true);
            return kept.link;
          }
          count--;
          continue;
        }
        if (count < size) break;
        await turn(signal);
      }
      count++;
      try {
        return await open();
      } catch (error) {
        count--;
        next();
        throw error;
      }
    },
    give(link, isClean) {
      if (isClosed || !isClean || !link.isUsable()) return end(link);
      link.hold(false);
      const timer = setTimeout(() => {
        const at = idle.findIndex((kept) => kept.link === link);
        if (at >= 0) end(idle.splice(at, 1)[0]?.link ?? link);
      }, IDLE_MS);
      timer.unref();
      idle.push({ link, timer });
      next();
    },
    drop(link) {
      end(link);
      endIdle();
    },
    close() {
      isClosed = true;
      endIdle();
    },
  };
}
