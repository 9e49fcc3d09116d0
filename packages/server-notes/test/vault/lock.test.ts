import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ToolError } from "@org/server-kit";
import { expect, onTestFinished, test } from "vitest";
import { openLock, type VaultLock } from "../../src/vault/lock/lock.ts";
import { start } from "../index/processes.ts";
import { makeLog } from "../index/test-log.ts";
import { makeFolder, neverAborted } from "../index/vault.ts";

function lockIn(directory: string): { lock: VaultLock; lines: string[] } {
  const log = makeLog();
  const lock = openLock({ directory: () => directory, log });
  onTestFinished(() => lock.close());
  return { lock, lines: log.lines };
}

test("two processes that count in one file lose no count", async () => {
  const directory = await makeFolder();
  const file = path.join(directory, "count");
  writeFileSync(file, "0");
  const times = process.env.HEAVY ? 2000 : 60;
  const others = [1, 2].map(() => start("lock", [directory, "count", file, String(times)]));
  expect(await Promise.all(others.map(({ exited }) => exited))).toEqual([0, 0]);
  expect(readFileSync(file, "utf8")).toBe(String(2 * times));
});

test("the cache folder is removed again and again in the middle, and no count is lost", async () => {
  const folder = await makeFolder();
  const [directory, file] = [path.join(folder, "cache"), path.join(folder, "count")];
  writeFileSync(file, "0");
  const times = process.env.HEAVY ? 2000 : 100;
  const others = [1, 2].map(() => start("lock", [directory, "count", file, String(times)]));
  // Both have it open before it is removed for the first time.
  await Promise.all(others.map(({ nextLine }) => nextLine()));
  let removed = 0;
  let isRunning = true;
  const exits = Promise.all(others.map(({ exited }) => exited));
  // The output of the first process slows this down: a folder that is removed without a pause cannot hold a lock.
  const isFirstDone = others[0]?.exited.finally(() => {
    isRunning = false;
  });
  const removing = (async () => {
    while (isRunning) {
      // Fails where there is no folder now, or a new lock file appears in it meanwhile.
      const isRemoved = await rm(directory, { recursive: true }).then(
        () => true,
        () => false,
      );
      if (isRemoved) removed += 1;
      for (let line = 0; line < 10; line += 1) await others[0]?.nextLine().catch(() => undefined);
    }
  })();
  expect(await exits).toEqual([0, 0]);
  await isFirstDone;
  await removing;
  expect(removed).toBeGreaterThan(0);
  expect(readFileSync(file, "utf8")).toBe(String(2 * times));
});

test("after the cache folder was removed the lock is taken again, in a new one", async () => {
  const directory = path.join(await makeFolder(), "cache");
  const { lock } = lockIn(directory);
  // Removed before the work and during it.
  for (let round = 0; round < 3; round += 1) {
    expect(await lock.withLock(async () => rm(directory, { recursive: true }), neverAborted())).toBe(undefined);
    expect(await lock.withLock(async () => readdir(directory), neverAborted())).toContain("write-lock.db");
    await rm(directory, { recursive: true });
  }
  await writeFile(directory, "no folder any more");
  const refused: unknown = await lock.withLock(async () => "never", neverAborted()).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "unavailable", retryable: true });
  await rm(directory);
  expect(await lock.withLock(async () => "again", neverAborted())).toBe("again");
});

test("one process runs its requests one at a time, in order", async () => {
  const { lock } = lockIn(await makeFolder());
  const done: number[] = [];
  let running = 0;
  const tasks = Array.from({ length: 20 }, (_, at) =>
    lock.withLock(async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done.push(at);
    }, neverAborted()),
  );
  await Promise.all(tasks);
  expect(done).toEqual([...done.keys()]);
});

test("the lock goes with the process that holds it, however often it is killed", async () => {
  const directory = await makeFolder();
  const { lock } = lockIn(directory);
  for (let round = 0; round < (process.env.HEAVY ? 50 : 4); round += 1) {
    const holder = start("lock", [directory, "hold"]);
    expect(await holder.nextLine()).toBe("held");
    const waiting = lock.withLock(async () => "mine", neverAborted());
    await holder.kill();
    expect(await waiting).toBe("mine");
  }
});

test("who waits for too long is told so, and what began is finished", { timeout: 30_000 }, async () => {
  const directory = await makeFolder();
  const holder = start("lock", [directory, "hold"]);
  await holder.nextLine();
  const { lock } = lockIn(directory);
  const began = Date.now();
  const error: unknown = await lock.withLock(async () => "never", neverAborted()).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "unavailable", retryable: true });
  expect(Date.now() - began).toBeGreaterThan(4_000);
  await holder.kill();
  expect(await lock.withLock(async () => "mine", neverAborted())).toBe("mine");
});

test("who waits can be let go, and does not take the lock later; a write that began is answered by its end", async () => {
  const { lock } = lockIn(await makeFolder());
  const stopping = new AbortController();
  let finish = () => {};
  let first: Promise<string> | undefined;
  const begun = new Promise<void>((hasBegun) => {
    const work = () =>
      new Promise<string>((resolve) => {
        finish = () => resolve("written");
        hasBegun();
      });
    first = lock.withLock(work, stopping.signal);
  });
  let ran = false;
  const second = lock.withLock(async () => {
    ran = true;
  }, stopping.signal);
  const third = lock.withLock(async () => "third", neverAborted());
  await begun;
  stopping.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  finish();
  expect(await first).toBe("written");
  expect(await third).toBe("third");
  expect(ran).toBe(false);
});

test("a failure of the work is the caller's, and frees the lock", async () => {
  const { lock } = lockIn(await makeFolder());
  const failing = lock.withLock(async () => {
    throw new ToolError("conflict", "changed");
  }, neverAborted());
  await expect(failing).rejects.toMatchObject({ code: "conflict" });
  expect(await lock.withLock(async () => 1, neverAborted())).toBe(1);
});

test("two locks in one process exclude each other", async () => {
  const directory = await makeFolder();
  const [one, two] = [lockIn(directory).lock, lockIn(directory).lock];
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(`${name} ends`);
  };
  await Promise.all([one.withLock(work("one"), neverAborted()), two.withLock(work("two"), neverAborted())]);
  expect(order.filter((_, at) => at % 2 === 0).map((line) => line.split(" ")[0])).toEqual(
    order.filter((_, at) => at % 2 === 1).map((line) => line.split(" ")[0]),
  );
});

test("a lock file made by others is used anyway, and nobody else may read the folder", async () => {
  const directory = path.join(await makeFolder(), "cache");
  await mkdir(directory, { mode: 0o700 });
  await writeFile(path.join(directory, "write-lock.db"), "this is no database, at any length".repeat(100));
  const { lock, lines } = lockIn(directory);
  expect(await lock.withLock(async () => 1, neverAborted())).toBe(1);
  expect(lines).toEqual([]);
  expect((await stat(directory)).mode & 0o077).toBe(0);
  expect(await readdir(directory)).toEqual(["write-lock.db"]);
});

test("where no lock can be kept, the work is done without one, and a warning is logged", async () => {
  const file = path.join(await makeFolder(), "file");
  await writeFile(file, "");
  const { lock, lines } = lockIn(path.join(file, "cache"));
  expect(await lock.withLock(async () => 1, neverAborted())).toBe(1);
  expect(lines).toEqual([expect.stringContaining("no lock")]);
});
