import { connect, createServer } from "node:net";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Budget } from "../../src/connection/cutters.ts";
import { openWire } from "../../src/connection/wire.ts";

/** A DataRow of values; null is NULL. */
function row(values: readonly (Buffer | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(values.length);
  const parts = values.flatMap((value) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value?.length ?? -1);
    return value ? [length, value] : [length];
  });
  return message("D", Buffer.concat([count, ...parts]));
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** What a logged-in wire passes on when a server sends this in pieces of these lengths. */
async function passed(sent: Buffer, cuts: readonly number[], budget: Budget | undefined): Promise<Buffer> {
  sent = Buffer.concat([READY, sent]);
  const server = createServer((socket) => {
    let at = 0;
    const next = () => {
      const length = cuts.length > 0 ? (cuts[at % cuts.length] ?? 1) : sent.length;
      const part = sent.subarray(0, length);
      sent = sent.subarray(length);
      at++;
      if (part.length === 0) return socket.end();
      socket.write(part, () => setImmediate(next));
    };
    socket.on("error", () => {});
    next();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const socket = connect(typeof address === "object" && address ? address.port : 0, "127.0.0.1");
  const parts: Buffer[] = [];
  await new Promise<void>((resolve) => {
    const login = openWire(socket, Buffer.alloc(0), {
      budget: () => (isLoggedIn ? budget : undefined),
      take: (type, bytes, from, to) =>
        void parts.push(message(String.fromCharCode(type), Buffer.from(bytes.subarray(from, to)))),
      end: () => resolve(),
    });
    let isLoggedIn = false;
    login.on("data", (greeting: Buffer) => {
      expect(greeting.equals(READY)).toBe(true);
      isLoggedIn = true;
    });
  });
  server.close();
  return Buffer.concat(parts);
}

const value = fc.option(
  fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.integer({ min: 10_000, max: 40_000 }).map((length) => new Uint8Array(length).fill(120)),
  ),
  { freq: 8 },
);
const rows = fc.array(
  fc.array(value, { maxLength: 6 }).map((values) => values.map((each) => (each ? Buffer.from(each) : null))),
  { maxLength: 8 },
);
const cuts = fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 4 });
const READY = message("Z", Buffer.from("T"));

test("without a budget, everything arrives as it was sent, however it is split", async () => {
  await fc.assert(
    fc.asyncProperty(rows, cuts, async (values, pieces) => {
      const sent = Buffer.concat([...values.map(row), READY]);
      expect((await passed(sent, pieces, undefined)).equals(sent)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("with a budget, each value keeps its beginning, and cut values are reported with their length", async () => {
  await fc.assert(
    fc.asyncProperty(rows, cuts, async (values, pieces) => {
      const budget: Budget = { left: 1 << 20, value: 50, rows: 0, shortened: [] };
      const out = await passed(Buffer.concat([...values.map(row), READY]), pieces, budget);
      // Small rows pass unchanged; in large ones, each value is cut.
      const isLarge = (each: readonly (Buffer | null)[]) => row(each).length - 5 > 16 << 10;
      const kept = values.map((each) =>
        row(isLarge(each) ? each.map((one) => (one ? one.subarray(0, 50) : null)) : each),
      );
      expect(out.equals(Buffer.concat([...kept, READY]))).toBe(true);
      const lost = values.flatMap((each, at) =>
        isLarge(each)
          ? each.flatMap((one, column) => (one && one.length > 50 ? [{ row: at, column, bytes: one.length }] : []))
          : [],
      );
      expect(budget.shortened).toEqual(lost);
    }),
    { numRuns: 60 },
  );
});

test("rows after the budget are counted, but their values are dropped", async () => {
  const budget: Budget = { left: 100, value: 1000, rows: 0, shortened: [] };
  const long = Buffer.alloc(60, "x");
  const out = await passed(Buffer.concat([row([long]), row([long]), row([long]), row([long]), READY]), [], budget);
  expect(out.equals(Buffer.concat([row([long]), row([long.subarray(0, 34)]), row([]), row([]), READY]))).toBe(true);
  expect(budget.rows).toBe(4);
});

test("an error that quotes a huge value arrives short", async () => {
  const text = Buffer.from(`SERROR\0C22P02\0M${"x".repeat(1_000_000)}\0\0`);
  const out = await passed(Buffer.concat([message("E", text), READY]), [], {
    left: 100,
    value: 10,
    rows: 0,
    shortened: [],
  });
  expect(out.length).toBeLessThan(20_000);
  expect(out.subarray(-READY.length).equals(READY)).toBe(true);
});
