import { setTimeout as delay } from "node:timers/promises";
import { progress } from "../report/progress.ts";
import { type Spread, spreadOf } from "../report/stats.ts";

const ROUNDS = 9;

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * Milliseconds of each, run alternately, after some rounds to warm up.
 * @param rest milliseconds before each, so that work after one's answer does not count for the next
 */
export async function byTurns<const Name extends string>(
  works: Readonly<Record<Name, () => Promise<unknown>>>,
  rounds = ROUNDS,
  warmUps = 1,
  rest = 0,
): Promise<(of: Name, over?: Name) => Spread> {
  const all = new Map<string, number[]>();
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [name, work] of Object.entries<() => Promise<unknown>>(works)) {
      progress(round < 0 ? `${name}, warming up` : `${name}, round ${round + 1} of ${rounds}`);
      if (rest > 0) await delay(rest);
      const ms = await timeOf(work);
      if (round >= 0) all.set(name, [...(all.get(name) ?? []), ms]);
    }
  }
  return (of, over) => {
    const bases = over === undefined ? undefined : (all.get(over) ?? []);
    return spreadOf((all.get(of) ?? []).map((ms, at) => (bases ? ms / (bases[at] ?? Number.NaN) : ms)));
  };
}
