import { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Shortened } from "./types.ts";

/** Bytes of one message that pass as they are; larger ones are cut when a statement has a budget. */
const SMALL = 16 << 10;
const letter = (text: string) => text.charCodeAt(0);
const [DATA_ROW, ERROR, NOTICE, READY] = [letter("D"), letter("E"), letter("N"), letter("Z")];
const HEADER = 5;
/** Values whose full length is remembered; those of rows beyond the budget are never shown. */
const MOST_SHORTENED = 10_000;

/** How much of the values that a server sends is kept. Without one, everything is. */
export interface Budget {
  /** Bytes that are left for the rows of this statement; rows after that come without values. */
  left: number;
  /** Bytes that one value may have. */
  readonly value: number;
  rows: number;
  readonly shortened: Shortened[];
}

/** A socket, or what stands in for one. */
export interface Pipe extends Duplex {
  /** Keeps the process alive, or not, while it is open. */
  ref(): unknown;
  unref(): unknown;
}

export interface Wire {
  readonly stream: Duplex;
  /** Says what the answer of the next message may bring; answers come in the order of the messages. */
  expect(budget: Budget | undefined): void;
}

/**
 * A socket whose rows are cut to a budget while they arrive, so that a value of a gigabyte costs as little memory as one that
 * fits. It also replaces the first message: node-postgres adds parameters to it, and poolers refuse all but who and where.
 * node-postgres collects a whole message before it looks at it, which is what this stands in front of.
 */
export function createWire(socket: Pipe, startup: Buffer): Wire {
  const budgets: (Budget | undefined)[] = [];
  let cutter: Cutter | undefined;
  let isStarted = false;
  let header = Buffer.alloc(0);
  /** Bytes of the current message still to come: to pass on, or to give to the cutter. */
  let rest = 0;

  const take = (chunk: Buffer) => {
    let at = 0;
    let passFrom = 0;
    const flush = (to: number) => {
      // A copy: what a socket hands out is overwritten by what it reads next.
      if (to > passFrom) stream.push(Buffer.from(chunk.subarray(passFrom, to)));
    };
    while (at < chunk.length) {
      if (rest > 0) {
        const part = chunk.subarray(at, at + rest);
        rest -= part.length;
        at += part.length;
        if (!cutter) continue;
        cutter.take(part);
        passFrom = at;
        if (rest > 0) continue;
        stream.push(cutter.end());
        cutter = undefined;
        continue;
      }
      const begun = header.length;
      const needed = HEADER - begun;
      if (chunk.length - at < needed) {
        flush(at);
        header = Buffer.concat([header, chunk.subarray(at)]);
        return;
      }
      const head =
        begun > 0 ? Buffer.concat([header, chunk.subarray(at, at + needed)]) : chunk.subarray(at, at + HEADER);
      header = Buffer.alloc(0);
      const type = head[0];
      const budget = budgets[0];
      if (type === READY) budgets.shift();
      rest = head.readUInt32BE(1) - 4;
      if (budget && type === DATA_ROW) budget.rows++;
      cutter = budget && rest > Math.min(SMALL, budget.left) ? cutterFor(type, budget) : undefined;
      if (budget && !cutter && type === DATA_ROW) budget.left -= rest;
      if (cutter) flush(at);
      else if (begun > 0) stream.push(Buffer.from(head.subarray(0, begun)));
      at += needed;
      if (cutter) passFrom = at;
      if (cutter && rest === 0) {
        stream.push(cutter.end());
        cutter = undefined;
      }
    }
    flush(chunk.length);
  };

  const stream = new Duplex({
    read: () => void socket.resume(),
    write(chunk, _, done) {
      socket.write(isStarted ? chunk : startup, done);
      isStarted = true;
    },
    writev(chunks, done) {
      const [, ...rest] = chunks;
      const sent = isStarted ? chunks : rest;
      socket.write(Buffer.concat([...(isStarted ? [] : [startup]), ...sent.map(({ chunk }) => chunk)]), done);
      isStarted = true;
    },
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (chunk: Buffer) => {
    take(chunk);
    if (stream.readableLength > SMALL * 4) socket.pause();
  });
  socket.on("end", () => stream.push(null));
  socket.on("error", (error) => stream.destroy(error));
  socket.on("close", () => stream.destroy());
  // What node-postgres calls on a socket. It is connected already: the event only has to come after the listener.
  Object.assign(stream, {
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    connect: () => void process.nextTick(() => stream.emit("connect")),
    ref: () => socket.ref(),
    unref: () => socket.unref(),
    // SCRAM binds the login to the certificate.
    ...(socket instanceof TLSSocket && { getPeerCertificate: () => socket.getPeerCertificate() }),
  });
  return { stream, expect: (budget) => void budgets.push(budget) };
}

interface Cutter {
  take(part: Buffer): void;
  /** The whole message, shorter. */
  end(): Buffer;
}

function cutterFor(type: number | undefined, budget: Budget): Cutter | undefined {
  if (type === DATA_ROW) return budget.left > 0 ? rowCutter(budget) : NO_VALUES;
  return type === ERROR || type === NOTICE ? errorCutter(type) : undefined;
}

/** A row after the budget is used up: it is only counted. */
const NO_VALUES: Cutter = {
  take() {},
  end() {
    const whole = Buffer.alloc(HEADER + 2);
    whole.writeUInt8(DATA_ROW);
    whole.writeUInt32BE(6, 1);
    return whole;
  },
};

/** Keeps the beginning of each value of a row. */
function rowCutter(budget: Budget): Cutter {
  const kept: Buffer[] = [];
  let size = 0;
  let pending = Buffer.alloc(0);
  let columns = -1;
  let column = -1;
  /** Bytes of the current value still to come, and how many of those are kept. */
  let [rest, keep] = [0, 0];
  const put = (bytes: Buffer) => {
    kept.push(bytes);
    size += bytes.length;
  };
  /** A number of 2 or 4 bytes, which may come in two parts. */
  const number = (part: Buffer, width: number): [number | undefined, Buffer] => {
    const have = Buffer.concat([pending, part.subarray(0, width - pending.length)]);
    const after = part.subarray(have.length - pending.length);
    pending = have.length < width ? have : Buffer.alloc(0);
    return [have.length < width ? undefined : width === 2 ? have.readUInt16BE() : have.readInt32BE(), after];
  };
  return {
    take(part) {
      let left = part;
      while (left.length > 0) {
        if (rest > 0) {
          const value = left.subarray(0, rest);
          const wanted = value.subarray(0, keep);
          // A copy: a slice would hold the whole chunk that it came in.
          if (wanted.length > 0) put(Buffer.from(wanted));
          keep -= wanted.length;
          rest -= value.length;
          left = left.subarray(value.length);
          continue;
        }
        const [found, after] = number(left, columns < 0 ? 2 : 4);
        left = after;
        if (found === undefined) return;
        const bytes = Buffer.alloc(columns < 0 ? 2 : 4);
        if (columns < 0) {
          columns = found;
          bytes.writeUInt16BE(found);
        } else {
          column++;
          rest = Math.max(found, 0);
          keep = Math.min(rest, budget.value, budget.left);
          budget.left -= keep;
          bytes.writeInt32BE(found < 0 ? found : keep);
          if (keep < rest && budget.shortened.length < MOST_SHORTENED)
            budget.shortened.push({ row: budget.rows - 1, column, bytes: rest });
        }
        put(bytes);
      }
    },
    end() {
      const head = Buffer.alloc(HEADER);
      head.writeUInt8(DATA_ROW);
      head.writeUInt32BE(size + 4, 1);
      return Buffer.concat([head, ...kept]);
    },
  };
}

/** Keeps the beginning of an error: it may quote a value of any size, and comes as fields that end with a zero byte. */
function errorCutter(type: number): Cutter {
  const kept: Buffer[] = [];
  let room = SMALL;
  return {
    take(part) {
      const wanted = part.subarray(0, room);
      room -= wanted.length;
      if (wanted.length > 0) kept.push(Buffer.from(wanted));
    },
    end() {
      const body = Buffer.concat([...kept, Buffer.from([0, 0])]);
      const head = Buffer.alloc(HEADER);
      head.writeUInt8(type);
      head.writeUInt32BE(body.length + 4, 1);
      return Buffer.concat([head, body]);
    },
  };
}
