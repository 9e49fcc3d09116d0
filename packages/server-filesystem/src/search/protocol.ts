import type { BeneathCode, ScanStart } from "@org/beneath";
import type { Rules } from "../sandbox/rules.ts";
import type { ContentArgs, ContentResult } from "./find-lines.ts";
import type { FindArgs, FindResult } from "./find-names.ts";
import type { ListArgs, ListResult } from "./list-names.ts";
import type { TreeArgs, TreeResult } from "./tree.ts";
import type { FileMatches } from "./types.ts";

/** The jobs that a thread can do below a directory. */
export interface Jobs {
  readonly list: { readonly args: ListArgs; readonly part: never; readonly result: ListResult | undefined };
  readonly tree: { readonly args: TreeArgs; readonly part: never; readonly result: TreeResult };
  readonly find: { readonly args: FindArgs; readonly part: never; readonly result: FindResult };
  readonly content: {
    readonly args: ContentArgs;
    readonly part: readonly FileMatches[];
    readonly result: ContentResult;
  };
}

export type Result = Jobs[keyof Jobs]["result"];

/** A thread does one job at a time. */
export interface Request<Name extends keyof Jobs = keyof Jobs> {
  readonly name: Name;
  readonly args: Jobs[Name]["args"];
  readonly start: ScanStart;
  readonly rules: Rules;
  /** Nonzero once the job should stop and return what it has. */
  readonly stopped: Int32Array;
  /** Where a job writes its current file, in UTF-8 up to a NUL: it cannot report it once it is stuck. */
  readonly at: Uint8Array;
}

export type Message =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "part"; readonly part: Jobs[keyof Jobs]["part"] }
  | { readonly kind: "done"; readonly result: Result }
  | { readonly kind: "refused"; readonly code: BeneathCode; readonly path: string }
  | { readonly kind: "pattern"; readonly message: string }
  | { readonly kind: "broken"; readonly stack: string };
