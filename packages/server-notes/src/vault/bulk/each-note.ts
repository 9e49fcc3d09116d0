import { type Call, ToolError } from "@org/server-kit";
import type { Holding } from "../../index/query/questions.ts";
import { isNotePath } from "../../note-path.ts";
import { listedFiles } from "../listed-files.ts";
import { type Note, readNote } from "../notes.ts";
import type { Vault } from "../vault.ts";

/** What work over many notes needs from its call: when to stop, and where to report progress. */
export type BulkCall = Pick<Call, "signal" | "progress">;

/** Concurrent reads: the disk and Node's threads achieve more together than one by one. */
const AHEAD = 16;
/** Milliseconds between two reports. */
const REPORT_MS = 200;

/**
 * The notes that may contain something, by path: from the index, so that a change to few notes among thousands touches
 * only those, and an interrupted change continues with the rest. While the index is being built, every note.
 */
export async function notesHolding(vault: Vault, what: Holding, call: BulkCall): Promise<readonly string[]> {
  try {
    const { paths, complete } = await vault.index.call("holders", what, call.signal);
    return complete ? paths : (await listedFiles(vault, call.signal)).filter(isNotePath);
  } catch (error) {
    if (!call.signal.aborted) throw error;
    throw interrupted(call, "out of time while looking for the notes to change. This call changed nothing.");
  }
}

/** The notes at these paths, in order; `undefined` for one that cannot be read. */
export async function* eachNote(
  vault: Vault,
  paths: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<{ readonly path: string; readonly note: Note | undefined; readonly problem: string }> {
  for (let at = 0; at < paths.length; at += AHEAD) {
    if (signal.aborted) return;
    yield* await Promise.all(paths.slice(at, at + AHEAD).map((path) => tryRead(vault, path, signal)));
  }
}

async function tryRead(vault: Vault, path: string, signal: AbortSignal) {
  try {
    return { path, note: await readNote(vault, path, signal), problem: "" };
  } catch (error) {
    return { path, note: undefined, problem: problemOf(error) };
  }
}

/** Why a note was left out, in words for the caller. */
export const problemOf = (error: unknown): string =>
  error instanceof ToolError ? error.message : "it cannot be read or written";

/** A function that reports progress, but not too often. */
export function reporter({ progress }: BulkCall, message: string): (done: number, total: number) => Promise<void> {
  let next = performance.now() + REPORT_MS;
  return async (done, total) => {
    if (performance.now() < next) return;
    next = performance.now() + REPORT_MS;
    // A client that disconnected does not stop the work.
    await progress(done, total, message).catch(() => {});
  };
}

/** The error of a call that ran out of time: what is done, and how to continue. */
export function interrupted({ signal }: BulkCall, done: string): ToolError {
  const code = signal.reason instanceof ToolError ? signal.reason.code : "cancelled";
  return new ToolError(code, `${done} Repeat the same call to continue.`, { retryable: true });
}
