import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { createCalls } from "../src/calls.ts";

const nobody = new AbortController().signal;
const READ = { write: false, room: 0 };
const WRITE = { write: true, room: 0 };
const LARGE = { write: false, room: 20 << 20 };

test("an abort that a handler lets through is told as what caused it, another failure as itself", async () => {
  const calls = createCalls(50, 4);
  const waits = calls.run(nobody, READ, ({ signal }) => delay(10_000, undefined, { signal }));
  const fails = calls.run(nobody, READ, async ({ signal }) => {
    await delay(10_000, undefined, { signal }).catch(() => undefined);
    throw new Error("its own");
  });
  await expect(waits).rejects.toMatchObject({ code: "timeout" });
  await expect(fails).rejects.toThrow("its own");
});

test("the deadline counts from the arrival, and what never began never begins", async () => {
  const calls = createCalls(50, 1);
  const began: number[] = [];
  const hung = calls.run(nobody, READ, () => new Promise(() => undefined));
  const waiting = [1, 2, 3].map((at) => calls.run(nobody, READ, async () => began.push(at)));
  for (const call of [hung, ...waiting]) await expect(call).rejects.toMatchObject({ code: "timeout" });
  expect(await calls.run(nobody, READ, async () => began)).toEqual([]);
});

test("a partial result is taken even if the thread stood still until long after the deadline", async () => {
  const calls = createCalls(30, 1);
  const found = calls.run(nobody, READ, async ({ signal }) => {
    for (const end = performance.now() + 500; performance.now() < end; );
    await delay(10_000, undefined, { signal }).catch(() => undefined);
    return "partial";
  });
  expect(await found).toBe("partial");
});

test("a client that cancels frees the place of a handler that does not listen", async () => {
  const calls = createCalls(60_000, 1);
  const client = new AbortController();
  const hung = calls.run(client.signal, READ, () => new Promise(() => undefined));
  const next = calls.run(nobody, READ, async () => "next");
  client.abort();
  await expect(hung).rejects.toMatchObject({ code: "cancelled" });
  expect(await next).toBe("next");
});

test("stopping ends reads and what waits, refuses what comes, and lets a running write finish", async () => {
  const calls = createCalls(60_000, 2);
  let aborted = false;
  const read = calls.run(nobody, READ, ({ signal }) => {
    signal.addEventListener("abort", () => {
      aborted = true;
    });
    return new Promise(() => undefined);
  });
  const write = calls.run(nobody, WRITE, async ({ signal }) => {
    await delay(30, undefined, { signal });
    return "committed";
  });
  const queued = calls.run(nobody, WRITE, async () => "never");
  calls.stop();
  await expect(read).rejects.toMatchObject({ code: "cancelled" });
  await expect(queued).rejects.toMatchObject({ code: "cancelled" });
  await expect(calls.run(nobody, READ, async () => "late")).rejects.toMatchObject({
    code: "cancelled",
    retryable: true,
  });
  expect(aborted).toBe(true);
  let idle = false;
  const whenIdle = calls.idle().then(() => {
    idle = true;
  });
  expect(idle).toBe(false);
  expect(await write).toBe("committed");
  await whenIdle;
});

test("thousands that wait are served in order", async () => {
  const calls = createCalls(60_000, 3);
  const order: number[] = [];
  const all = Array.from({ length: 20_000 }, (_, at) => calls.run(nobody, READ, async () => order.push(at)));
  await Promise.all(all);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test("a handler that throws before its first wait fails its call and no other", async () => {
  const calls = createCalls(60_000, 1);
  const broken = calls.run(nobody, READ, async () => {
    throw new Error("at once");
  });
  await expect(broken).rejects.toThrow("at once");
  expect(await calls.run(nobody, READ, async () => 1)).toBe(1);
});

test("a signal that is first read after the deadline, or at shutdown, is aborted already", async () => {
  const calls = createCalls(30, 4);
  let late: AbortSignal | undefined;
  let done = () => {};
  const read = new Promise<void>((resolve) => {
    done = resolve;
  });
  const call = calls.run(nobody, READ, async (turn) => {
    await delay(200);
    late = turn.signal;
    done();
  });
  await expect(call).rejects.toMatchObject({ code: "timeout" });
  await read;
  expect(late?.reason).toMatchObject({ code: "timeout" });
});

test("a host that asks without end is refused before memory ends", async () => {
  const calls = createCalls(60_000, 1);
  const all = Array.from({ length: 50_010 }, () => calls.run(nobody, READ, () => new Promise(() => undefined)));
  const refused = await Promise.race(all.map((call) => call.catch((error: unknown) => error)));
  expect(refused).toMatchObject({ code: "rate_limited", retryable: true });
  calls.stop();
  await Promise.allSettled(all);
});

test("large results wait for room, one at least is always made, and what nobody reads takes room", async () => {
  const calls = createCalls(60_000, 64);
  const finish: (() => void)[] = [];
  const begin = (kind: typeof READ) => calls.run(nobody, kind, () => new Promise<void>((done) => finish.push(done)));
  const all = [begin({ write: false, room: 100 << 20 }), begin(LARGE)];
  expect(finish).toHaveLength(1);
  finish[0]?.();
  await all[0];
  await expect.poll(() => finish.length).toBe(2);
  all.push(begin(LARGE), begin(LARGE), begin(LARGE));
  expect(finish).toHaveLength(4);
  calls.unwritten(60 << 20);
  for (const done of finish.slice(1)) done();
  await Promise.all(all.slice(1, 4));
  await delay(0);
  expect(finish).toHaveLength(4);
  calls.unwritten(-(60 << 20));
  await expect.poll(() => finish.length).toBe(5);
  finish[4]?.();
  await Promise.all(all);
});

test("calls with small results do not wait for room behind those with large ones", async () => {
  const calls = createCalls(60_000, 64);
  const finish: (() => void)[] = [];
  const large = [1, 2].map(() =>
    calls.run(nobody, { write: false, room: 60 << 20 }, () => new Promise<void>((done) => finish.push(done))),
  );
  expect(await calls.run(nobody, READ, async () => "at once")).toBe("at once");
  expect(finish).toHaveLength(1);
  finish[0]?.();
  await expect.poll(() => finish.length).toBe(2);
  finish[1]?.();
  await Promise.all(large);
});

test("calls wait for what is opened, and their deadline counts the wait", async () => {
  vi.useFakeTimers();
  try {
    let open = () => {};
    const calls = createCalls(1000, 4, new Promise<void>((resolve) => (open = resolve)));
    const began: string[] = [];
    const call = (name: string) =>
      calls.run(nobody, READ, ({ signal }) => {
        began.push(name);
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      });
    const late = expect(call("late")).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(600);
    const next = expect(call("next")).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(600);
    await late;
    expect(calls.isOpen()).toBe(false);
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(began).toEqual(["next"]);
    // A second after it came, and not after it began.
    await vi.advanceTimersByTimeAsync(600);
    await next;
  } finally {
    vi.useRealTimers();
  }
});

test("when it cannot be opened, all calls fail with the reason", async () => {
  const reason = new Error("no disk");
  let fail = () => {};
  const calls = createCalls(60_000, 4, new Promise<void>((_, reject) => (fail = () => reject(reason))));
  const waits = calls.run(nobody, WRITE, async () => "never");
  fail();
  await expect(waits).rejects.toBe(reason);
  await expect(calls.run(nobody, READ, async () => "never")).rejects.toBe(reason);
  await calls.idle();
});
