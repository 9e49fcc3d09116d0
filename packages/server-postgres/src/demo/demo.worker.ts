import { parentPort, workerData } from "node:worker_threads";
import type { DemoServer } from "@org/postgres-demo";

// A database in WebAssembly holds up its thread while a statement runs, so it has one of its own.
const opening: Promise<DemoServer> = import(String(workerData)).then(({ openDemo }) => openDemo());

let last: Promise<void> = Promise.resolve();
/** Bytes of the wire protocol, which get an answer each, or the word to begin a new session, which gets none. */
parentPort?.on("message", (message: Uint8Array | "reset") => {
  last = last.then(async () => {
    const server = await opening;
    if (message === "reset") await server.reset();
    else parentPort?.postMessage(await server.answer(message));
  });
});
