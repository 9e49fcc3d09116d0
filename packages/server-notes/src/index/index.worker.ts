import { parentPort, workerData } from "node:worker_threads";
import { ToolError } from "@org/server-kit/errors";
import { type Engine, startEngine } from "./engine.ts";
import type { Failure, Message, Request, WorkerStart } from "./protocol.ts";
import type { Tell } from "./store/database.ts";
import { IndexClosed } from "./store/index-closed.ts";
import { loadSqlite, NoSqlite } from "./store/sqlite.ts";
import { loadWriter } from "./store/writer.ts";

// The index has its own thread: reading ten thousand notes keeps it busy for seconds.

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

const starting = start().finally(() => {
  Atomics.store(opening, 0, 0);
  Atomics.notify(opening, 0);
});
starting.then(
  ({ ready }) => ready.then(() => send({ kind: "ready" })),
  (error: unknown) => {
    tell("warn", "no index", { reason: error instanceof Error ? error.message : String(error) });
    send({ kind: "ready" });
  },
);

async function answer(request: Request): Promise<unknown> {
  const engine = await starting;
  if (request.method === "refresh") return engine.refresh(request.args);
  if (request.method === "close") return engine.close();
  return engine.ask(request.method, request.args);
}

parentPort?.on("message", async (request: Request) => {
  try {
    send({ kind: "answer", id: request.id, value: await answer(request) });
  } catch (error) {
    send({ kind: "failure", id: request.id, ...failureOf(error) });
  }
});

function failureOf(error: unknown): Pick<Failure, "code" | "message"> {
  if (error instanceof ToolError) return { code: error.code, message: error.message };
  if (error instanceof NoSqlite) return { code: "unsupported", message: error.message };
  // Called just as the server ends.
  if (error instanceof IndexClosed) return { code: "unavailable", message: error.message };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
