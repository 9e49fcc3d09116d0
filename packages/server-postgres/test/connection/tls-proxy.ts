import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import path from "node:path";
import { TLSSocket } from "node:tls";

const folder = path.join(import.meta.dirname, "certificates");
export const certificate = (name: string) => path.join(folder, name);

/** Stands in front of a real server and speaks TLS for it, or says that it has none. */
export interface TlsProxy {
  readonly port: number;
  /** What clients requested: TLS, or plain text. */
  readonly asked: readonly ("tls" | "plain")[];
  close(): void;
}

export interface TlsProxyOptions {
  /** The name in its certificate; without one it has no TLS. */
  readonly name?: string;
  /** Aborts the handshake. */
  readonly isBroken?: boolean;
  readonly wantsClient?: boolean;
}

const SSL_REQUEST = 80877103;

export async function startTlsProxy(target: string, options: TlsProxyOptions = {}): Promise<TlsProxy> {
  const { hostname, port } = new URL(target);
  const asked: ("tls" | "plain")[] = [];
  const open = new Set<Socket>();
  const pass = (client: Socket | TLSSocket, first?: Buffer) => {
    const server = connect(Number(port), hostname);
    open.add(server);
    if (first) server.write(first);
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on("error", () => {});
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  };
  const proxy = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.once("data", (first: Buffer) => {
      if (first.length !== 8 || first.readInt32BE(4) !== SSL_REQUEST) {
        asked.push("plain");
        pass(socket, first);
        return;
      }
      asked.push("tls");
      if (options.name === undefined) {
        socket.write("N");
        socket.once("data", (start: Buffer) => pass(socket, start));
        return;
      }
      socket.write("S");
      if (options.isBroken) {
        socket.once("data", () => socket.destroy());
        return;
      }
      const [key, cert] = ["key", "pem"].map((kind) => readFileSync(certificate(`${options.name}.${kind}`)));
      const ca = readFileSync(certificate("ca.pem"));
      const wants = options.wantsClient === true;
      pass(new TLSSocket(socket, { isServer: true, key, cert, ca, requestCert: wants, rejectUnauthorized: wants }));
    });
  });
  await new Promise<void>((resolve) => void proxy.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = proxy.address();
  if (address === null || typeof address === "string") throw new Error("a port has a number");
  return {
    port: address.port,
    asked,
    close() {
      for (const socket of open) socket.destroy();
      proxy.close();
    },
  };
}
