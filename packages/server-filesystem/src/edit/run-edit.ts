import { once } from "node:events";
import { type ErrorCode, startWorker, ToolError } from "@org/server-kit";
import { createTurns } from "../text/whole.ts";
import type { EditedFile, EditJob } from "./edit-bytes.ts";

/** Bytes of a file, and bytes times edits, up to which edits are made at once: starting a thread takes longer. */
const SMALL = 131_072;
const SMALL_WORK = 8 << 20;

/** Most threads at a time. */
const inTurn = createTurns(2);

/**
 * Edits a file in memory, a large one in a thread. @throws ToolError as applyEdits and decodeFile do, and the signal's
 * reason
 */
export async function runEdit(job: EditJob, signal: AbortSignal): Promise<EditedFile> {
  if (job.bytes.length <= SMALL && job.bytes.length * job.edits.length <= SMALL_WORK) {
    // Loaded by the first edit, since starting does not need the line comparison.
    const { editBytes } = await import("./edit-bytes.ts");
    return editBytes(job);
  }
  return inTurn(() => editInThread(job, signal));
}

async function editInThread(job: EditJob, signal: AbortSignal): Promise<EditedFile> {
  const worker = startWorker(new URL("./edit.worker.js", import.meta.url), { workerData: job });
  try {
    const [answer]: (EditedFile | { readonly code: ErrorCode; readonly message: string })[] = await once(
      worker,
      "message",
      { signal },
    );
    if (!answer) throw new Error("the thread ended without an answer");
    if ("code" in answer) throw new ToolError(answer.code, answer.message);
    return answer;
  } finally {
    await worker.terminate();
  }
}
