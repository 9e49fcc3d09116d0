import { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { type Budget, type Cutter, cutterFor, SMALL, whole } from "./cutters.ts";
import { DATA_ROW, HEADER, message, READY } from "./messages.ts";

/** A socket, or a replacement for one. */
export interface Pipe extends Duplex {
  /** Whether it keeps the process alive while it is open. */
  ref(): unknown;
  unref(): unknown;
}

/** Receives the server's messages after the login. */
export interface Reader {
  /** How much may be kept of the next message; without a budget, everything. */
  budget(): Budget | undefined;
  /**
   * A message, with its body between `from` and `to`. The bytes are only valid during the call: the next read
   * overwrites them.
   */
  take(type: number, bytes: Buffer, from: number, to: number): void;
  /** The connection has ended. */
  end(error: Error | undefined): void;
}

/**
 * Reads messages off a socket and cuts them to a budget on arrival, so that a value of a gigabyte needs no more memory
 * than one that fits. node-postgres logs in through the stream that this returns, and gets nothing more once the server
 * is ready, since it collects whole messages and creates several objects for each.
 * @param startup replaces the first message: node-postgres adds parameters that poolers refuse
 */
export function openWire(socket: Pipe, startup: Buffer, reader: Reader): Duplex {
  let isLoggedIn = false;
  let header = Buffer.alloc(0);
  let type = 0;
  /** Bytes of the current message that the cutter has yet to receive. */
  let rest = 0;
  let cutter: Cutter | undefined;

  const pass = (bytes: Buffer, from: number, to: number) => {
    if (isLoggedIn) return reader.take(type, bytes, from, to);
    isLoggedIn = type === READY;
    login.push(message(type, bytes.subarray(from, to)));
  };
  const take = (chunk: Buffer) => {
    let at = 0;
    while (at < chunk.length) {
      if (!cutter) {
        let head = chunk;
        let from = at;
        if (header.length > 0 || chunk.length - at < HEADER) {
          const part = chunk.subarray(at, at + HEADER - header.length);
          header = Buffer.concat([header, part]);
          at += part.length;
          if (header.length < HEADER) return;
          [head, from] = [header, 0];
          header = Buffer.alloc(0);
        } else {
          at += HEADER;
        }
        type = head.readUInt8(from);
        rest = head.readUInt32BE(from + 1) - 4;
        if (type === DATA_ROW || rest > SMALL) cutter = cutterFor(type, rest, reader.budget());
        if (!cutter && chunk.length - at >= rest) {
          pass(chunk, at, at + rest);
          at += rest;
          continue;
        }
        cutter ??= whole();
      }
      const part = chunk.subarray(at, at + rest);
      cutter.take(part);
      rest -= part.length;
      at += part.length;
      if (rest > 0) return;
      const body = cutter.end();
      cutter = undefined;
      pass(body, 0, body.length);
    }
  };

  let isStarted = false;
  const login = new Duplex({
    read: () => void socket.resume(),
    write(chunk, _, done) {
      socket.write(isStarted ? chunk : startup, done);
      isStarted = true;
    },
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  const end = (error?: Error) => {
    login.destroy(error);
    reader.end(error);
  };
  socket
    .on("data", take)
    .on("end", end)
    .on("error", end)
    .on("close", () => end());
  // Methods that node-postgres calls on a socket. It is already connected, so the event only has to follow the
  // listener.
  return Object.assign(login, {
    setNoDelay: () => login,
    setKeepAlive: () => login,
    connect: () => void process.nextTick(() => login.emit("connect")),
    ref: () => socket.ref(),
    unref: () => socket.unref(),
    // SCRAM channel binding needs the certificate.
    ...(socket instanceof TLSSocket && { getPeerCertificate: () => socket.getPeerCertificate() }),
  });
}
