import type { BigIntStats } from "node:fs";
import type { Checkpoint } from "../types/identity.ts";

/** An entry that is held: what was looked at is what will be opened. */
export interface Pin {
  readonly stat: BigIntStats;
  /** A path that leads to the held entry itself. */
  readonly path: string;
  /** Where it was found: relative to the root, without links. */
  readonly inside: string;
  /** By checked paths: what there was on the way, the entry included. */
  readonly chain?: readonly Checkpoint[];
  /** Opens the held entry. Only for regular files and directories: opening a FIFO or a device does things. */
  open(flags: number): Promise<number>;
  /** The held entry, a directory, as one to work in. Closing either closes both. */
  enter(): Directory;
  close(): void;
}

/** A verified directory. Names are looked up in it, wherever it is moved to meanwhile. */
export interface Directory {
  /** A path that leads to the directory itself, also when nothing may be looked up in it. */
  readonly path: string;
  /** Where it was found: relative to the root, without links. */
  readonly inside: string;
  /** A path that the system resolves from this directory on. `name` is one that checkName accepted, or ".". */
  at(name: string): string;
  /** Looks at an entry without following a link and without opening it. */
  pin(name: string): Promise<Pin>;
  /** Throws when what was verified has changed; nothing can change what a handle holds. */
  confirm(): void;
  close(): void;
}
