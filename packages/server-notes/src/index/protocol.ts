import type { ErrorCode } from "@org/server-kit";
import type {
  FileRow,
  FilesOptions,
  Filters,
  ListOptions,
  NoteLinks,
  NoteRow,
  Page,
  Paging,
  SearchPage,
} from "./types.ts";

/** What an index is of. */
export interface WorkerData {
  readonly directory: string;
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

/** What can be asked of the worker: arguments and answers, which cross as structured clones. */
export interface Methods {
  search: { args: Filters & Paging & { readonly query: string }; result: SearchPage };
  list: { args: ListOptions; result: Page<NoteRow> };
  files: { args: FilesOptions; result: Page<FileRow> };
  tags: { args: undefined; result: readonly { readonly tag: string; readonly count: number }[] };
  links: { args: string; result: NoteLinks };
  find: { args: string; result: readonly string[] };
  nearest: { args: string; result: readonly string[] };
  named: { args: readonly string[]; result: readonly string[] };
  refresh: { args: readonly string[]; result: undefined };
  close: { args: undefined; result: undefined };
}

export type Handlers = {
  readonly [Name in keyof Methods]: (args: Methods[Name]["args"]) => Promise<Methods[Name]["result"]>;
};

export interface Request<Name extends keyof Methods = keyof Methods> {
  readonly id: number;
  readonly method: Name;
  readonly args: Methods[Name]["args"];
}

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

export interface LogLine {
  readonly kind: "log";
  readonly level: "debug" | "info" | "warn";
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
