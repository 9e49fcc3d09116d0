import { parentPort, workerData } from "node:worker_threads";
import type { Tell } from "./database.ts";
import { type Engine, startEngine } from "./engine.ts";
import type { Failure, Handlers, Message, Methods, Request, WorkerStart } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { loadSqlite, NoSqlite } from "./sqlite.ts";
import { loadWriter } from "./writer.ts";

// The index lives in a thread of its own: reading ten thousand notes keeps it busy for seconds.

const { directory, root, opening }: WorkerStart = workerData;
const send = (message: Message) => parentPort?.postMessage(message);
const tell: Tell = (level, event, fields = {}) => send({ kind: "log", level, event, fields });

async function start(): Promise<Engine> {
  const openFile = await loadSqlite();
  const openWriter = await loadWriter();
  return startEngine({
    directory,
    root,
    openFile,
    openWriter,
    tell,
    changed: (paths) => send({ kind: "changed", paths }),
  });
}

const engine = start().finally(() => {
  Atomics.store(opening, 0, 0);
  Atomics.notify(opening, 0);
});
engine.then(
  ({ ready }) => ready.then(() => send({ kind: "ready" })),
  (error: unknown) => {
    tell("warn", "no index", { reason: error instanceof Error ? error.message : String(error) });
    send({ kind: "ready" });
  },
);

async function answer<Name extends keyof Methods>(handlers: Handlers, { method, args }: Request<Name>) {
  return handlers[method](args);
}

parentPort?.on("message", async (request: Request) => {
  try {
    const { handlers } = await engine;
    send({ kind: "answer", id: request.id, value: await answer(handlers, request) });
  } catch (error) {
    send({ kind: "failure", id: request.id, ...failureOf(error) });
  }
});

function failureOf(error: unknown): Pick<Failure, "code" | "message"> {
  if (error instanceof Refusal) return { code: "invalid_input", message: error.message };
  if (error instanceof NoSqlite) return { code: "unsupported", message: error.message };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
