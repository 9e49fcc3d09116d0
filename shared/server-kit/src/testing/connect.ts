import { Client, InMemoryTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { parseOptions } from "../command-line.ts";
import { createHandler } from "../http/handler.ts";
import { createLog } from "../log.ts";
import type { Server } from "../server.ts";

/** The protocol revision that a client opens with. */
export type Era = "2025-11-25" | "2026-07-28";
export const ERAS: readonly Era[] = ["2025-11-25", "2026-07-28"];

export interface ConnectOptions {
  /** The newest by default. */
  readonly era?: Era;
  /** The server's command line. */
  readonly args?: readonly string[];
  /** The server's whole environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A client of the same era with extra features, such as roots. */
  readonly client?: Client;
}

export interface Connection extends AsyncDisposable {
  readonly client: Client;
  /** Closes the client and the server's state. */
  close(): Promise<void>;
}

/**
 * Connects a real client to a server in this process: no port, no pipe, no mock. The 2025 era goes over a
 * linked pair of transports, the 2026 one over web-standard requests.
 */
export async function connect(server: Server, options: ConnectOptions = {}): Promise<Connection> {
  const { era = "2026-07-28", args = [], env = {}, client = newClient(era) } = options;
  const log = createLog("silent", "json");
  const running = server.open(parseOptions(server.name, server.options, args, env), log);
  await running.opened;
  let stop: () => Promise<void>;
  if (era === "2026-07-28") {
    const handler = createHandler(running, log);
    stop = handler.close;
    const fetch = (url: string | URL, init?: RequestInit) => handler.fetch(new Request(url, init));
    await client.connect(new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch }));
  } else {
    const [here, there] = InMemoryTransport.createLinkedPair();
    const instance = await running.factory({ era: "legacy" });
    stop = () => instance.close();
    await instance.connect(there);
    await client.connect(here);
  }
  const close = async () => {
    await client.close();
    await stop();
    running.calls.stop();
    await running.close();
  };
  return { client, close, [Symbol.asyncDispose]: close };
}

/** A client that speaks one revision and no other. */
export function newClient(era: Era): Client {
  const versionNegotiation = era === "2026-07-28" ? { mode: { pin: era } } : undefined;
  return new Client({ name: "test", version: "1.0.0" }, { ...(versionNegotiation && { versionNegotiation }) });
}
