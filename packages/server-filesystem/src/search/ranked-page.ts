/** The sort key of an entry: higher ranks first, then by name. */
export interface Ranked {
  readonly rank: number;
  readonly name: string;
}

export interface RankedPage<T extends Ranked> {
  add(candidate: T): void;
  /** The sorted page, and whether more follows. */
  result(): { readonly page: readonly T[]; readonly more: boolean };
}

const order = (a: Ranked, b: Ranked) => b.rank - a.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/**
 * One page of items that arrive in any order: only candidates for it are held. @param after the last item of the
 * previous page
 */
export function createRankedPage<T extends Ranked>(limit: number, after: Ranked | undefined): RankedPage<T> {
  let page: T[] = [];
  let last: T | undefined;
  let count = 0;
  const trim = () => {
    page = page.sort(order).slice(0, limit);
    if (page.length === limit) last = page.at(-1);
  };
  return {
    add(candidate) {
      if (after && order(candidate, after) <= 0) return;
      count += 1;
      if (last && order(candidate, last) > 0) return;
      page.push(candidate);
      if (page.length >= limit * 2) trim();
    },
    result() {
      trim();
      return { page, more: count > page.length };
    },
  };
}
