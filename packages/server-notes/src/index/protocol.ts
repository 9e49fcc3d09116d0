import type { ErrorCode } from "@org/server-kit";
import type { Questions } from "./query/questions.ts";
import type { LogLevel } from "./store/database.ts";

/** What an index is of. */
export interface WorkerData {
  /** The cache folder of this vault, see `vaultCache`; made when missing, with mode 0700. */
  readonly directory: string;
  /** The notes folder. */
  readonly root: string;
}

/** What the worker is started with. */
export interface WorkerStart extends WorkerData {
  /**
   * Shared: 1 until the database is open. A thread that is ended while libsql is loaded or opens a database takes the
   * process down with it (SIGABRT), so that nobody ends it then.
   */
  readonly opening: Int32Array;
}

/** What the worker does: arguments and answers, which cross as structured clones. */
export type Methods = {
  readonly [Name in keyof Questions]: { args: Questions[Name]["args"]; answer: Answer<Name> };
} & {
  /** Told by whoever changed files (made, moved and removed too): they are in the index with the answer. */
  readonly refresh: { args: readonly string[]; answer: undefined };
  readonly close: { args: undefined; answer: undefined };
};

export type Answer<Name extends keyof Questions> = Questions[Name]["answer"] & {
  /** False while the folder is still being read: there may be more. */
  readonly complete: boolean;
};

export type Request = {
  readonly [Name in keyof Methods]: {
    readonly id: number;
    readonly method: Name;
    readonly args: Methods[Name]["args"];
  };
}[keyof Methods];

/** What the worker says: answers, and what it has to tell unasked. */
export type Message =
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | Failure
  | { readonly kind: "ready" }
  | { readonly kind: "changed"; readonly paths: readonly string[] }
  | LogLine;

export interface Failure {
  readonly kind: "failure";
  readonly id: number;
  /** With a code the message is for the caller, without one it is a stack for the log. */
  readonly code?: ErrorCode;
  readonly message: string;
}

interface LogLine {
  readonly kind: "log";
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
