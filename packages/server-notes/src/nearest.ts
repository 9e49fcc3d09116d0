/**
 * The names closest to `text` by edit distance, best first: none that shares too little of it.
 * @param candidates the texts to compare with, each with the name to give for it
 */
export function nearest(text: string, candidates: Iterable<readonly [string, string]>, limit = 3): string[] {
  const wanted = text.slice(0, 200);
  const most = Math.max(1, Math.floor(wanted.length / 3));
  const found = new Map<string, number>();
  for (const [candidate, name] of candidates) {
    const distance = editDistance(wanted, candidate, most);
    if (distance <= most) found.set(name, Math.min(distance, found.get(name) ?? distance));
  }
  return [...found]
    .sort((a, b) => a[1] - b[1])
    .slice(0, limit)
    .map(([name]) => name);
}

/** Letters to insert, delete, replace or swap with the next; more than `most` when that is exceeded. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = (list: readonly number[], at: number) => list[at] ?? most + 1;
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwap = i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? cost(before, j - 2) + 1 : most + 1;
      row.push(Math.min(cost(previous, j) + 1, cost(row, j - 1) + 1, cost(previous, j - 1) + changed, swapped));
    }
    if (Math.min(...row) > most) return most + 1;
    before = previous;
    previous = row;
  }
  return previous.at(-1) ?? most + 1;
}
