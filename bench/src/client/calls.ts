import { progress } from "../report/progress.ts";
import { type Spread, spreadOf, steady } from "../report/stats.ts";
import type { Request } from "./protocol.ts";
import type { Session } from "./session.ts";

/** An open server, and the request to send to it. */
export interface Caller {
  readonly session: Session;
  readonly request: Request;
}

const IN_FLIGHT = 32;
const WARM_UP = 4000;
const ROUNDS = 10;
const BATCH = 1000;

export const HOW_CALLED = `at least ${(2 * ROUNDS * BATCH).toLocaleString("en")} calls each after ${WARM_UP.toLocaleString("en")} to warm up, ${IN_FLIGHT} in flight, in alternating batches`;

/** Microseconds of the server's CPU for each call, by round. */
export interface Costs {
  readonly reference: Spread;
  readonly subject: Spread;
  /** The subject's cost divided by the reference's. */
  readonly ratio: Spread;
}

/** Makes the same call `count` times, {@link IN_FLIGHT} at once. */
export async function callMany({ session, request }: Caller, count: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await session.ask(request);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

/** Two batches of one server may differ by this factor within a round. */
const STEADY = 1.1;

/**
 * Calls both servers in alternating batches: reference, subject, subject, reference. A round counts when the
 * two batches of each agree. `what` names the comparison while it runs.
 * @throws Error when the machine's speed is not steady for long enough
 */
export async function compareCalls(reference: Caller, subject: Caller, what: string): Promise<Costs> {
  await callMany(reference, WARM_UP);
  await callMany(subject, WARM_UP);
  const rounds: { reference: number; subject: number }[] = [];
  for (let tries = 0; rounds.length < ROUNDS; tries += 1) {
    if (tries > 20 * ROUNDS) throw new Error("the machine is too busy to measure");
    const before = await costOf(reference);
    const ofSubject = steady(await costOf(subject), await costOf(subject), STEADY);
    const ofReference = steady(before, await costOf(reference), STEADY);
    progress(`${what}, try ${tries + 1}, ${rounds.length} of ${ROUNDS} rounds steady`);
    if (ofReference && ofSubject) rounds.push({ reference: ofReference, subject: ofSubject });
  }
  return {
    reference: spreadOf(rounds.map((round) => round.reference)),
    subject: spreadOf(rounds.map((round) => round.subject)),
    ratio: spreadOf(rounds.map((round) => round.subject / round.reference)),
  };
}

async function costOf({ session, request }: Caller): Promise<number> {
  const { cpu } = await session.usage();
  await callMany({ session, request }, BATCH);
  return ((await session.usage()).cpu - cpu) / BATCH;
}
