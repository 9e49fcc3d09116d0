import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Protection, WatchOptions } from "../../src/index.ts";
import { temporaryName } from "../../src/lookup/names.ts";
import { descriptors, makeSandbox, opened } from "../sandbox.ts";

/** Watches a root until `path` is reported; undefined is reported once all of it is watched. */
async function watched(dir: string, protection: Protection, options?: WatchOptions) {
  const told: (string | undefined)[] = [];
  const waiting = new Set<() => void>();
  const root = await opened(dir, {}, protection);
  const stop = root.watch((path) => {
    told.push(path);
    for (const look of waiting) look();
  }, options);
  onTestFinished(stop);
  const until = (path: string | undefined) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!told.includes(path)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  await until(undefined);
  told.length = 0;
  return { root, told, until, stop };
}

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  test("reports what anyone changes, creates, moves and removes, in new directories too", async () => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("a/b"), { recursive: true });
    writeFileSync(inside("a/b/old"), "x");
    const { root, until } = await watched(dir, protection);
    appendFileSync(inside("a/b/old"), "y");
    await until("a/b/old");
    mkdirSync(inside("n/m/o"), { recursive: true });
    writeFileSync(inside("n/m/o/f"), "x");
    await until("n/m/o/f");
    renameSync(inside("n"), inside("k"));
    await until("n");
    await until("k/m/o/f");
    writeFileSync(inside("k/m/o/g"), "x");
    await until("k/m/o/g");
    await root.write("a/ours", "x");
    await until("a/ours");
    rmSync(inside("a/b"), { recursive: true });
    await until("a/b");
  });

  test("does not report unfinished writes, directories not entered, or targets of links", async () => {
    const { dir, inside, outside } = makeSandbox();
    mkdirSync(inside("skipped"));
    symlinkSync("../outside", inside("out"));
    const { root, told, until } = await watched(dir, protection, { enter: (path) => path !== "skipped" });
    writeFileSync(inside(temporaryName()), "x");
    writeFileSync(inside("skipped/x"), "x");
    writeFileSync(`${outside}/x`, "x");
    symlinkSync("../outside", inside("out2"));
    await root.write("seen", "x");
    await until("seen");
    writeFileSync(`${outside}/y`, "x");
    await root.write("last", "x");
    await until("last");
    expect(new Set(told)).toEqual(new Set(["out2", "seen", "last"]));
  });

  test("many changes at once are reported as one unknown", async () => {
    const { dir, inside } = makeSandbox();
    const { told, until } = await watched(dir, protection);
    for (let index = 0; index < 3000; index += 1) writeFileSync(inside(`f${index}`), "");
    await until(undefined);
    expect(told.length).toBeLessThan(1500);
  });

  test("stopped, it is silent and leaves nothing open; nor does it keep a process alive", async () => {
    const { dir, inside } = makeSandbox();
    for (let index = 0; index < 20; index += 1) mkdirSync(inside(`d${index}`));
    await (await watched(dir, protection)).root.close();
    const before = descriptors();
    const { root, told, stop } = await watched(dir, protection);
    stop();
    writeFileSync(inside("d1/x"), "x");
    await root.stat("d1/x");
    expect(told).toEqual([]);
    await root.close();
    expect(descriptors()).toBe(before);
    expect(readdirSync(inside("d1"))).toEqual(["x"]);
  });
});

test("a watch does not keep the process alive", () => {
  const { dir } = makeSandbox();
  const index = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
  const script = `import { openRoot } from ${JSON.stringify(index)};
    const root = await openRoot(${JSON.stringify(dir)});
    await new Promise((resolve) => root.watch(resolve));`;
  const ended = spawnSync(process.execPath, ["--input-type=module", "-e", script], { timeout: 10_000 });
  expect({ status: ended.status, signal: ended.signal }).toEqual({ status: 0, signal: null });
});
