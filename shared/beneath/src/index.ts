export { type BeneathCode, BeneathError } from "./errors.ts";
export { isTemporary } from "./names.ts";
export { openRoot, type Root, type RootOptions } from "./root.ts";
export type { Scan, ScanStart } from "./scan.ts";
export type { ScanDirectory, ScanEntry, Scanner, ScanWalkOptions } from "./scan-types.ts";
export { openScanner, type ScannerOptions } from "./scan-walk.ts";
export type {
  Access,
  Entry,
  Judge,
  Kind,
  ListOptions,
  MakeDirectoryOptions,
  OpenFile,
  Protection,
  ReadOptions,
  RemoveOptions,
  Stat,
  StreamOptions,
  SweepOptions,
  TransferOptions,
  WalkEntry,
  WalkOptions,
  WatchOptions,
  WriteOptions,
} from "./types.ts";
