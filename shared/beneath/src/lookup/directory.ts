import type { BigIntStats } from "node:fs";
import type { Checkpoint } from "../types/identity.ts";

/** An entry that is held: the entry that was inspected is the one that will be opened. */
export interface Pin {
  readonly stat: BigIntStats;
  /** A path that leads to the held entry itself. */
  readonly path: string;
  /** Where it was found: relative to the root, without links. */
  readonly inside: string;
  /** With checked paths: the state of everything on the path, the entry included. */
  readonly chain?: readonly Checkpoint[];
  /**
   * Opens the held entry. Only for regular files and directories, since opening a FIFO or a device has side effects.
   */
  open(flags: number): Promise<number>;
  /** The held directory, ready to work in. Closing either one closes both. */
  enter(): Directory;
  close(): void;
}

/** A verified directory. Names are looked up in it even if it is moved. */
export interface Directory {
  /** A path that leads to the directory itself, even when nothing may be looked up in it. */
  readonly path: string;
  /** Where it was found: relative to the root, without links. */
  readonly inside: string;
  /** A path that the system resolves from this directory. `name` must have passed checkName, or be ".". */
  at(name: string): string;
  /** Inspects an entry without following a link and without opening it. */
  pin(name: string): Promise<Pin>;
  /** Throws when the verified path has changed. Handles cannot change, so they never throw. */
  confirm(): void;
  close(): void;
}
