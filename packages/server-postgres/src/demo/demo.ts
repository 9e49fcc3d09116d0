import { createRequire } from "node:module";
import { Duplex } from "node:stream";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { startWorker, ToolError } from "@org/server-kit";
import type { Settings } from "../connection/settings.ts";
import type { Pipe } from "../connection/wire.ts";

const PACKAGE = "@org/postgres-demo";
const CANCEL_REQUEST = 80_877_102;
/** Opening takes about a second, on a busy machine much longer. */
const OPENING_MS = 120_000;
const TERMINATE = "X".charCodeAt(0);

/**
 * Connects to the demo's database: a thread that speaks PostgreSQL's wire protocol, so that everything works as on a
 * server. It supports one session, and cannot stop a statement: to cancel one, the thread is ended, and the next
 * connection opens the database anew.
 */
export function demoSettings(): Settings {
  const openPipe = createDemo(packageUrl());
  return {
    hosts: [{ host: "demo", port: 0 }],
    user: "reader",
    password: undefined,
    database: "postgres",
    sslMode: "disable",
    neverVerify: true,
    rootCert: undefined,
    clientCert: undefined,
    clientKey: undefined,
    clientKeyPassword: undefined,
    requiresChannelBinding: false,
    startupOptions: undefined,
    applicationName: undefined,
    passFile: undefined,
    sessionAttrs: "any",
    connectTimeoutMs: OPENING_MS,
    openPipe,
  };
}

/** The package is not a dependency of this server: an embedded database is larger than everything else together. */
function packageUrl(): string {
  try {
    return pathToFileURL(createRequire(import.meta.url).resolve(PACKAGE)).href;
  } catch {
    throw new ToolError(
      "unavailable",
      `--demo needs the package ${PACKAGE}, which is not installed. Start the server with ` +
        `npx -y -p @org/server-postgres -p ${PACKAGE} server-postgres --demo.`,
      { retryable: false },
    );
  }
}

function createDemo(url: string): () => Pipe {
  let worker: Worker | undefined;
  /** The connection that owns the session. */
  let owner: Duplex | undefined;
  let unanswered = 0;

  const started = (): Worker => {
    const begun = startWorker(new URL("./demo.worker.js", import.meta.url), { workerData: url });
    begun.on("message", (answer: Uint8Array) => {
      unanswered--;
      owner?.push(answer);
    });
    begun.on("error", (error) => owner?.destroy(error));
    begun.on("exit", () => {
      if (worker === begun) stopped();
    });
    return begun;
  };
  const stopped = () => {
    const ended = worker;
    worker = undefined;
    unanswered = 0;
    owner?.destroy();
    owner = undefined;
    void ended?.terminate();
  };
  const send = (message: Uint8Array) => {
    unanswered++;
    worker?.postMessage(message);
  };
  const begin = (stream: Duplex, chunk: Buffer) => {
    owner?.destroy();
    owner = stream;
    worker ??= started();
    worker.postMessage("reset");
    send(chunk);
  };

  return () => {
    const stream = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _, done) {
        done();
        if (owner !== stream && chunk.readInt32BE(4) === CANCEL_REQUEST) {
          stopped();
          // Started now, so that the next connection finds the database open.
          worker = started();
          stream.destroy();
        } else if (owner !== stream) {
          begin(stream, chunk);
        } else if (chunk[0] !== TERMINATE) {
          send(chunk);
        }
      },
      destroy(error, done) {
        if (owner === stream) {
          owner = undefined;
          if (unanswered > 0) stopped();
        }
        done(error);
      },
    });
    return Object.assign(stream, { ref: () => worker?.ref(), unref: () => worker?.unref() });
  };
}
