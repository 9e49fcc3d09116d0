import { parentPort, workerData } from "node:worker_threads";
import { ToolError } from "@org/server-kit";
import { editBytes } from "./edit-bytes.ts";

// Ten megabytes with a million changes take seconds, so they get a separate thread.
parentPort?.postMessage(
  await editBytes(workerData).catch((error: unknown) => {
    if (error instanceof ToolError) return { code: error.code, message: error.message };
    throw error;
  }),
);
