import type { ErrorCode } from "@org/server-kit";
import type { Questions } from "./query/questions.ts";
import type { LogLevel } from "./store/database.ts";

/** What an index belongs to. */
export interface WorkerData {
  /** The vault's cache folder, see `vaultCache`; created when missing, with mode 0700. */
  readonly directory: string;
  /** The notes folder. */
  readonly root: string;
}

/** The worker's start parameters. */
export interface WorkerStart extends WorkerData {
  /**
   * Shared: 1 until the database is open. Terminating a thread while libsql is loading or opening a database aborts the
   * whole process (SIGABRT), so the thread is spared until then.
   */
  readonly opening: Int32Array;
}

/** What the worker does: arguments and answers are sent as structured clones. */
export type Methods = {
  readonly [Name in keyof Questions]: { args: Questions[Name]["args"]; answer: Answer<Name> };
} & {
  /** Sent after changing files (creating, moving and removing included): they are indexed when the answer arrives. */
  readonly refresh: { args: readonly string[]; answer: undefined };
  readonly close: { args: undefined; answer: undefined };
};

export type Answer<Name extends keyof Questions> = Questions[Name]["answer"] & {
  /** False while the folder is still being read, so that there may be more. */
  readonly complete: boolean;
};

export type Request = {
  readonly [Name in keyof Methods]: {
    readonly id: number;
    readonly method: Name;
    readonly args: Methods[Name]["args"];
  };
}[keyof Methods];

/** Messages from the worker: answers, and unsolicited news. */
export type Message =
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | Failure
  | { readonly kind: "ready" }
  | { readonly kind: "changed"; readonly paths: readonly string[] }
  | LogLine;

export interface Failure {
  readonly kind: "failure";
  readonly id: number;
  /** With a code, the message is for the caller; without one, it is a stack for the log. */
  readonly code?: ErrorCode;
  readonly message: string;
}

interface LogLine {
  readonly kind: "log";
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
