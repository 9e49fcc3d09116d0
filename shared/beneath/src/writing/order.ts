const tails = new Map<string, Promise<unknown>>();

/** Runs operations of this process with the same key one after the other, in the order in which they came. */
export async function inOrder<T>(key: string, operation: () => Promise<T>): Promise<T> {
  const before = tails.get(key);
  const mine = before ? before.then(operation, operation) : operation();
  tails.set(key, mine);
  try {
    return await mine;
  } finally {
    if (tails.get(key) === mine) tails.delete(key);
  }
}
