import { type BigIntStats, constants, lstatSync } from "node:fs";
import path from "node:path";
import { refusal } from "../errors.ts";
import type { Checkpoint, Identity } from "../types/identity.ts";
import { close, fstat, lstat, NOFOLLOW, NONBLOCK, open } from "./calls.ts";
import type { Directory, Pin } from "./directory.ts";
import { childOf } from "./names.ts";

/**
 * How many times everything is checked again after use. To go unnoticed, somebody who swaps directories back and forth
 * must hit the right moment between all of these checks.
 */
export const ROUNDS = 8;

const TYPE = BigInt(constants.S_IFMT);

export const same = (a: Identity, b: Identity) =>
  a.dev === b.dev && a.ino === b.ino && (a.mode & TYPE) === (b.mode & TYPE);

/**
 * A directory by its path, for systems without /proc/self/fd. Every directory on the path is compared with its earlier
 * state; a link or another directory in its place is refused. Anyone who can rename inside the root can still swap them
 * between a check and the next call; the README explains the consequences.
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

/** @throws BeneathError "outside" when something has changed */
export function confirm(chain: readonly Checkpoint[], rounds: number): void {
  for (let round = 0; round < rounds; round += 1) {
    if (!chain.every(isStill)) throw changed();
  }
}

// Not awaited, to leave as little time as possible between two checks.
function isStill({ path: place, identity }: Checkpoint): boolean {
  const stat = lstatSync(place, { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && same(stat, identity);
}
