export { type BeneathCode, BeneathError, type Side } from "./errors.ts";
export { isTemporary } from "./lookup/names.ts";
export { openRoot } from "./root.ts";
export { openScanner, type ScannerOptions } from "./scan/scanner.ts";
export type { Entry, Kind, OpenFile, Stat, StreamOptions, WalkEntry } from "./types/entry.ts";
export type {
  Access,
  Judge,
  ListOptions,
  MakeDirectoryOptions,
  Protection,
  ReadOptions,
  RemoveOptions,
  RootOptions,
  SweepOptions,
  WalkOptions,
  WatchOptions,
  WriteOptions,
} from "./types/options.ts";
export type { Root, TransferOptions } from "./types/root.ts";
export type { Scan, ScanDirectory, ScanEntry, Scanner, ScanStart, ScanWalkOptions } from "./types/scan.ts";
