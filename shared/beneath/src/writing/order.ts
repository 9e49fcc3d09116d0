const tails = new Map<string, Promise<unknown>>();

/** Runs this process's operations with the same key one at a time, in the order of their arrival. */
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
