import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Protection } from "../../src/index.ts";
import { makeSandbox, opened, outcome } from "../sandbox.ts";

const leftover = (digit: string) => `.beneath-${digit.repeat(24)}.tmp`;
const protections: readonly Protection[] = ["handles", "checks"];

test.each(protections)("leftovers of crashes are swept, and nothing else (%s)", async (protection) => {
  const { dir, outside, inside } = makeSandbox();
  mkdirSync(inside("sub/deep"), { recursive: true });
  mkdirSync(inside("left alone"));
  const swept = [leftover("a"), `sub/${leftover("b")}`, `sub/deep/${leftover("c")}`];
  mkdirSync(inside(leftover("d")));
  const kept = ["a.txt", ".beneath-x.tmp", `${leftover("e")}.txt`, `left alone/${leftover("f")}`];
  for (const name of [...swept, ...kept]) writeFileSync(inside(name), "x");
  writeFileSync(path.join(outside, leftover("0")), "x");
  symlinkSync(outside, inside("link"));
  const root = await opened(dir, {}, protection === "checks" ? "checks" : undefined);
  const enter = (name: string) => name !== "left alone";
  expect(await root.sweepTemporaries("", { olderThanMs: 60_000, enter })).toBe(0);
  // Everything is older than one millisecond in the future.
  expect(await root.sweepTemporaries("", { olderThanMs: -1000, enter })).toBe(3);
  expect(swept.filter((name) => existsSync(inside(name)))).toEqual([]);
  expect([...kept, leftover("d")].filter((name) => !existsSync(inside(name)))).toEqual([]);
  expect(existsSync(path.join(outside, leftover("0")))).toBe(true);
});

test("a folder that can only be read is not swept", async () => {
  const { dir } = makeSandbox();
  const root = await opened(dir, { readOnly: true });
  expect(await outcome(root.sweepTemporaries("", { olderThanMs: 0 }))).toBe("read_only");
});

test("a sweep ends when its signal says so", async () => {
  const { dir } = makeSandbox();
  const root = await opened(dir);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(root.sweepTemporaries("", { olderThanMs: 0, signal })).rejects.toThrow("enough");
});
