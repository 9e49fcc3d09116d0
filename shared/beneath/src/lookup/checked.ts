import { type BigIntStats, constants, lstatSync } from "node:fs";
import path from "node:path";
import { refusal } from "../errors.ts";
import type { Checkpoint, Identity } from "../types/identity.ts";
import { close, fstat, lstat, NOFOLLOW, NONBLOCK, open } from "./calls.ts";
import type { Directory, Pin } from "./directory.ts";
import { childOf } from "./names.ts";

/**
 * How often everything is looked at again after it was used. Somebody who swaps directories back and forth must
 * swap at the right moment between all of these looks to stay unseen.
 */
export const ROUNDS = 8;

const TYPE = BigInt(constants.S_IFMT);

export const same = (a: Identity, b: Identity) =>
  a.dev === b.dev && a.ino === b.ino && (a.mode & TYPE) === (b.mode & TYPE);

/**
 * A directory by its path, for systems without /proc/self/fd. Every directory on the way is compared with what it
 * was: a link or another directory in its place is refused. Between a check and the call that follows it, whoever
 * can rename inside the root can still swap them; the README says what that means.
 */
export function checkedDirectory(
  real: string,
  identity: Identity,
  inside: string,
  above: readonly Checkpoint[] = [],
): Directory {
  const chain = [...above, { path: real, identity }];
  return {
    path: real,
    inside,
    at: (name) => path.join(real, name),
    async pin(name) {
      const place = path.join(real, name);
      const stat = await lstat(place);
      confirm([...chain, { path: place, identity: stat }], 1);
      return pinPath(chain, place, stat, childOf(inside, name));
    },
    confirm: () => confirm(chain, ROUNDS),
    close: () => undefined,
  };
}

function pinPath(chain: readonly Checkpoint[], place: string, stat: BigIntStats, inside: string): Pin {
  return {
    stat,
    path: place,
    inside,
    chain: [...chain, { path: place, identity: stat }],
    async open(flags) {
      const fd = await open(place, flags | NOFOLLOW | NONBLOCK | constants.O_NOCTTY);
      try {
        if (!same(await fstat(fd), stat)) throw changed();
        confirm([...chain, { path: place, identity: stat }], ROUNDS);
        return fd;
      } catch (error) {
        await close(fd);
        throw error;
      }
    },
    enter: () => checkedDirectory(place, stat, inside, chain),
    close: () => undefined,
  };
}

export const changed = () => refusal("outside", "The path changed while it was used.");

/** @throws BeneathError "outside" when something is not what it was */
export function confirm(chain: readonly Checkpoint[], rounds: number): void {
  for (let round = 0; round < rounds; round += 1) {
    if (!chain.every(isStill)) throw changed();
  }
}

// Not awaited: the fewer turns of the loop between two looks, the less fits between them.
function isStill({ path: place, identity }: Checkpoint): boolean {
  const stat = lstatSync(place, { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && same(stat, identity);
}
