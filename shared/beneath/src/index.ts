export { type BeneathCode, BeneathError } from "./errors.ts";
export { isTemporary } from "./names.ts";
export { openRoot, type Root, type RootOptions } from "./root.ts";
export type {
  Entry,
  Kind,
  ListOptions,
  OpenFile,
  Protection,
  ReadOptions,
  RemoveOptions,
  Stat,
  StreamOptions,
  SweepOptions,
  WalkEntry,
  WalkOptions,
  WatchOptions,
  WriteOptions,
} from "./types.ts";
