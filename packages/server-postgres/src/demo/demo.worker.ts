import { parentPort, workerData } from "node:worker_threads";
import type { DemoServer } from "@org/postgres-demo";

// Runs in its own thread, which a WebAssembly database blocks while it runs a statement.
const opening: Promise<DemoServer> = import(String(workerData)).then(({ openDemo }) => openDemo());

let last: Promise<void> = Promise.resolve();
/** Bytes of the wire protocol, each answered, or the request for a new session, which is not. */
parentPort?.on("message", (message: Uint8Array | "reset") => {
  last = last.then(async () => {
    const server = await opening;
    if (message === "reset") await server.reset();
    else parentPort?.postMessage(await server.answer(message));
  });
});
