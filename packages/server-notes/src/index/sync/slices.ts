/**
 * The thread that brings notes in also answers, so it works in stretches. A call takes some ten turns of the loop, and
 * each may wait for one of them.
 */
const SLICE_MS = 4;

export interface Slices {
  isOver(): boolean;
  /** Lets others have their turn. */
  next(): Promise<void>;
}

export function slices(): Slices {
  let end = performance.now() + SLICE_MS;
  return {
    isOver: () => performance.now() >= end,
    async next() {
      await new Promise((resolve) => setImmediate(resolve));
      end = performance.now() + SLICE_MS;
    },
  };
}
