import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** Decides on a server's message: forwarded unchanged or changed, held back until `release`, or the connection is cut. */
export type Hook = (type: string, whole: Buffer) => Buffer | "hold" | "cut";

export interface MessageProxy {
  readonly url: string;
  /** Letters of the server's messages since the last call. */
  seen(): string;
  hook: Hook;
  /** Cancel requests that are dropped. */
  lost: number;
  /** Forwards what was held back, and holds back nothing more. */
  release(): void;
  close(): void;
}

/** A proxy in front of a PostgreSQL server that inspects each message from it. */
export async function startMessageProxy(url: string): Promise<MessageProxy> {
  const sockets = new Set<Socket>();
  let letters = "";
  let held: (() => void)[] = [];
  let isHolding = false;
  const { hostname, port } = new URL(url);
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => to.destroy());
    }
    client.on("data", (chunk: Buffer) => {
      const isCancel = chunk.length === 16 && chunk.readInt32BE(4) === 80877102;
      if (!isCancel || proxy.lost === 0) return void upstream.write(chunk);
      proxy.lost--;
      client.destroy();
    });
    client.on("end", () => upstream.end());
    let rest = Buffer.alloc(0);
    upstream.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
        const whole = rest.subarray(0, rest.readInt32BE(1) + 1);
        rest = rest.subarray(whole.length);
        const type = String.fromCharCode(whole[0] ?? 0);
        letters += type;
        const sent = proxy.hook(type, whole);
        if (sent === "cut") return void client.destroy();
        isHolding ||= sent === "hold";
        const bytes = sent === "hold" ? whole : sent;
        if (isHolding) held.push(() => client.write(bytes));
        else client.write(bytes);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port has a number");
  const own = new URL(url);
  own.port = String(address.port);
  const proxy: MessageProxy = {
    url: own.href,
    seen() {
      const seen = letters;
      letters = "";
      return seen;
    },
    hook: (_, whole) => whole,
    lost: 0,
    release() {
      for (const send of held) send();
      held = [];
      isHolding = false;
      proxy.hook = (_, whole) => whole;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return proxy;
}

/** An ErrorResponse. */
export function errorMessage(code: string, text: string): Buffer {
  const body = Buffer.from(`SERROR\0VERROR\0C${code}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
