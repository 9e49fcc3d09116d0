/**
 * Divides room among texts: those shorter than an equal share get all they need, and the rest goes to the longer ones.
 * @returns the room of each, in the order of `sizes`
 */
export function shareRoom(sizes: readonly number[], room: number): number[] {
  const shares: number[] = sizes.map(() => 0);
  let left = Math.max(0, room);
  const shortestFirst = [...sizes.entries()].sort((a, b) => a[1] - b[1]);
  for (const [at, [index, size]] of shortestFirst.entries()) {
    const share = Math.min(size, Math.floor(left / (shortestFirst.length - at)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
