import { setTimeout as delay } from "node:timers/promises";
import { once, ToolError } from "@org/server-kit";
import type { Client } from "pg";
import { passwordFromFile } from "../libpq/passfile.ts";
import { serverError } from "./errors.ts";
import { createExchange } from "./exchange.ts";
import type { Host, SessionAttrs, Settings } from "./settings.ts";
import { openSocket, timedOut, tlsError } from "./socket.ts";
import { marked } from "./sql.ts";
import type { Answer, Keep, Param } from "./types.ts";
import { openWire } from "./wire.ts";

declare module "pg" {
  interface ClientBase {
    processID: number | null;
    secretKey: number | null;
  }
}

/** Limits in bytes for our own statements: all values, and one value. */
const OURS = { left: 64 << 20, value: 16 << 20 };

/** Milliseconds that the server gets to cancel a statement before it is asked again, and between two checks. */
const CANCEL_MS = 100;
const LOOK_MS = 5;
const MOST_CANCELS = 4;

const loadPg = once(() => import("pg").then((pg) => pg.default));

/** A connection. Statements from the same turn of the event loop are sent together, and answered in order. */
export interface Link {
  /** Uses the simple protocol, for our own statements without any text from a caller. */
  simple(sql: string): Promise<Answer>;
  /** Uses the extended protocol, in which the server refuses a second statement. */
  extended(sql: string, params: readonly Param[], keep?: Keep): Promise<Answer>;
  /** Whether a transaction is open: `I`dle, `T`ransaction, `E`rror in one. */
  status(): string | undefined;
  isUsable(): boolean;
  /** Asks the server to cancel what is running, on a separate connection, as in the protocol; poolers support that. */
  cancel(): Promise<void>;
  destroy(): void;
  /** Keeps the process alive only while a call waits for it. */
  hold(isHeld: boolean): void;
}

/**
 * Connects to the first host that answers.
 * @throws ToolError, or the server's own refusal
 */
export async function openLink(settings: Settings): Promise<Link> {
  let failure: unknown;
  // With several hosts, `prefer-standby` accepts any of them if no standby answers.
  const rounds: readonly SessionAttrs[] =
    settings.sessionAttrs === "prefer-standby" ? ["standby", "any"] : [settings.sessionAttrs];
  for (const wanted of rounds) {
    for (const host of settings.hosts) {
      for (const useTls of attempts(settings)) {
        try {
          const link = await openOn(settings, host, useTls);
          if (await is(wanted, link)) return link;
          link.destroy();
          failure = new ToolError(
            "unavailable",
            `no host answers that is ${wanted}, as target_session_attrs wants it.`,
          );
          break;
        } catch (error) {
          failure = error;
          // `allow` uses TLS only after the server has refused a connection without it.
          if (useTls || serverError(error)?.code !== "28000") break;
        }
      }
      // As in libpq, a server that refuses the user or the password ends the search.
      if (/^28/.test(serverError(failure)?.code ?? "")) throw failure;
    }
  }
  throw failure;
}

/** All transactions here are read-only, so only being a standby matters. */
async function is(wanted: SessionAttrs, link: Link): Promise<boolean> {
  if (wanted === "any") return true;
  const { rows } = await link.simple(marked("SELECT pg_catalog.pg_is_in_recovery()"));
  const isStandby = rows[0]?.[0] === "t";
  return isStandby === (wanted === "standby" || wanted === "read-only");
}

const attempts = ({ sslMode }: Settings): readonly boolean[] =>
  sslMode === "disable" ? [false] : sslMode === "allow" ? [false, true] : [true];

async function openOn(settings: Settings, host: Host, useTls: boolean): Promise<Link> {
  const deadline = AbortSignal.timeout(settings.connectTimeoutMs);
  const [pg, socket] = await Promise.all([loadPg(), openSocket(settings, host, useTls, deadline)]);
  const { user, database, password } = settings;
  const exchange = createExchange(socket);
  const login = openWire(socket, startupMessage(settings), exchange.reader);
  const client = new pg.Client({
    user,
    database,
    host: host.host,
    port: host.port,
    ssl: false,
    stream: () => login,
    password: async () =>
      password ?? (await passwordFromFile(settings.passFile, { ...host, user, database })) ?? noPassword(),
    enableChannelBinding: settings.requiresChannelBinding,
  });
  // The pool handles connections that break while idle; without a listener, the error would end the process.
  client.on("error", () => {});
  const abort = () => login.destroy(timedOut(host));
  deadline.addEventListener("abort", abort, { once: true });
  try {
    await client.connect();
  } catch (error) {
    login.destroy();
    if (deadline.aborted) throw timedOut(host);
    // In TLS 1.3, a server checks the client's certificate only after the client has finished its handshake.
    throw error instanceof Error && "code" in error && /^ERR_SSL/.test(String(error.code))
      ? tlsError(error, settings, host)
      : error;
  } finally {
    deadline.removeEventListener("abort", abort);
  }
  return {
    simple: exchange.simple,
    extended: (sql, params, keep = OURS) => exchange.extended(sql, params, { ...keep, rows: 0, shortened: [] }),
    status: exchange.status,
    isUsable: () => exchange.isOpen() && !socket.destroyed,
    async cancel() {
      // A server may lose a cancellation when it goes on to the next statement of a packet, so it is repeated.
      for (let tries = 0; tries < MOST_CANCELS && exchange.isOpen() && !exchange.isAnswered(); tries++) {
        await cancel(client, settings, host, useTls);
        for (let ms = 0; ms < CANCEL_MS && !exchange.isAnswered(); ms += LOOK_MS) await delay(LOOK_MS);
      }
    },
    destroy: () => void socket.destroy(),
    hold: (isHeld) => void (isHeld ? socket.ref() : socket.unref()),
  };
}

/** Only user and database, and `options` if the URL has them: poolers refuse or drop the rest. */
function startupMessage({ user, database, startupOptions }: Settings): Buffer {
  const pairs = [
    "user",
    user,
    "database",
    database,
    ...(startupOptions === undefined ? [] : ["options", startupOptions]),
  ];
  const body = Buffer.from(`${pairs.join("\0")}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8);
  head.writeInt32BE(PROTOCOL, 4);
  return Buffer.concat([head, body]);
}

/** 3.0. */
const PROTOCOL = 3 << 16;

function noPassword(): never {
  throw new ToolError(
    "access_denied",
    "the server asks for a password, and none is set. Put it into the URL, PGPASSWORD or ~/.pgpass.",
  );
}

async function cancel(client: Client, settings: Settings, host: Host, useTls: boolean): Promise<void> {
  const { processID, secretKey } = client;
  if (processID === null || secretKey === null) return;
  const socket = await openSocket(settings, host, useTls, AbortSignal.timeout(settings.connectTimeoutMs));
  const message = Buffer.alloc(16);
  [16, 80877102, processID, secretKey].forEach((number, index) => void message.writeInt32BE(number | 0, index * 4));
  await new Promise<void>((resolve) => {
    // The server closes the connection when it has acted. Closing earlier crashes pgbouncer 1.18.
    const late = setTimeout(() => socket.destroy(), settings.connectTimeoutMs);
    late.unref();
    socket.once("close", () => {
      clearTimeout(late);
      resolve();
    });
    socket.resume();
    socket.write(message);
  });
}
