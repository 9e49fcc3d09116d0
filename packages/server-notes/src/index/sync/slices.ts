/**
 * The thread that indexes notes also answers, so it works in short slices. A call takes about ten turns of the loop,
 * each of which may wait for one slice.
 */
const SLICE_MS = 4;

export interface Slices {
  isOver(): boolean;
  /** Gives other work its turn. */
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
