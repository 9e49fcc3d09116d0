import { type AddressInfo, createServer, type Socket } from "node:net";
import { Client } from "pg";

/** A pooler in the manner of pgbouncer's transaction mode: each transaction goes to the next backend. */
export interface Pooler {
  readonly port: number;
  /** Queries its backends directly, bypassing clients. */
  onEach(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

export interface PoolerOptions {
  readonly backends: number;
  /** Sends every message to the next backend, even inside a transaction. */
  readonly isPerStatement?: boolean;
}

interface Backend {
  readonly client: Client;
  readonly socket: Socket;
  user: ((chunk: Buffer) => void) | undefined;
}

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

/** Splits a stream into whole messages. */
function splitter(isStarted: () => boolean, take: (type: string, whole: Buffer) => void) {
  let rest = Buffer.alloc(0);
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const offset = isStarted() ? 1 : 0;
      if (rest.length < offset + 4) return;
      const length = rest.readInt32BE(offset) + offset;
      if (rest.length < length) return;
      const whole = rest.subarray(0, length);
      rest = rest.subarray(length);
      take(offset === 1 ? String.fromCharCode(whole[0] ?? 0) : "", whole);
    }
  };
}

export async function startPooler(
  url: string,
  { backends: count, isPerStatement = false }: PoolerOptions,
): Promise<Pooler> {
  const backends: Backend[] = [];
  for (let at = 0; at < count; at++) {
    const client = new Client({ connectionString: url });
    await client.connect();
    const stream: unknown = Reflect.get(Reflect.get(client, "connection"), "stream");
    const isSocket = (value: unknown): value is Socket => value instanceof Object && "setNoDelay" in value;
    if (!isSocket(stream)) throw new Error("pg keeps its socket elsewhere now");
    const backend: Backend = { client, socket: stream, user: undefined };
    // While one of our clients uses the backend, pg must not see the answers.
    const [own] = stream.listeners("data");
    stream.removeAllListeners("data");
    stream.on("data", (chunk: Buffer) => {
      if (backend.user) backend.user(chunk);
      else own?.(chunk);
    });
    backends.push(backend);
  }
  const waiting: (() => void)[] = [];
  let turn = 0;
  const take = async (): Promise<Backend> => {
    for (;;) {
      for (let at = 0; at < backends.length; at++) {
        const backend = backends[(turn + at) % backends.length];
        if (!backend || backend.user) continue;
        turn = (turn + at + 1) % backends.length;
        return backend;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const clients = new Set<Socket>();

  const server = createServer({ noDelay: true }, (socket) => {
    clients.add(socket);
    socket.on("error", () => {});
    let isStarted = false;
    let linked: Promise<Backend> | undefined;
    let outstanding = 0;
    const release = (backend: Backend) => {
      backend.user = undefined;
      linked = undefined;
      waiting.shift()?.();
    };
    const link = async (): Promise<Backend> => {
      const backend = await take();
      backend.user = splitter(
        () => true,
        (type, whole) => {
          socket.write(whole);
          if (type !== "Z") return;
          outstanding--;
          if (outstanding === 0 && (isPerStatement || whole[5] === "I".charCodeAt(0))) release(backend);
        },
      );
      return backend;
    };
    let sending: Promise<void> = Promise.resolve();
    const read = splitter(
      () => isStarted,
      (type, whole) => {
        if (!isStarted) {
          if (whole.readInt32BE(4) === 80877103) {
            socket.write("N");
            return;
          }
          const names = whole
            .subarray(8)
            .toString()
            .split("\0")
            .filter((_, at) => at % 2 === 0 && _ !== "");
          const refused = names.find((name) => name !== "user" && name !== "database");
          if (refused !== undefined) {
            socket.end(
              message("E", Buffer.from(`SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: ${refused}\0\0`)),
            );
            return;
          }
          isStarted = true;
          socket.write(message("R", Buffer.alloc(4)));
          socket.write(message("K", Buffer.from([0, 0, 0, 1, 0, 0, 0, 2])));
          socket.write(message("Z", Buffer.from("I")));
          return;
        }
        if (type === "X") return;
        if (type === "Q" || type === "S") outstanding++;
        sending = sending.then(async () => {
          linked ??= link();
          (await linked).socket.write(whole);
        });
      },
    );
    socket.on("data", read);
    socket.on("close", () => clients.delete(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("a port has a number");
  return {
    port: address.port,
    async onEach(sql) {
      const found: (readonly unknown[])[] = [];
      for (const { client } of backends)
        found.push((await client.query({ text: sql, rowMode: "array" })).rows[0] ?? []);
      return found;
    },
    async close() {
      for (const socket of clients) socket.destroy();
      server.close();
      for (const { client } of backends) await client.end();
    },
  };
}
