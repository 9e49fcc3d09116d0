import { existsSync, realpathSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { type Folder, makeFolder, useCleanup, useFolder } from "../../src/testing/index.ts";

test("a folder has its files, at any depth, and takes changes", () => {
  const folder = makeFolder({ "a/b/c.txt": "text", "d.bin": new Uint8Array([0, 255]) });
  expect(folder.path).toBe(realpathSync(folder.path));
  expect(folder.list()).toEqual(["a", "d.bin"]);
  expect(folder.read("a/b/c.txt")).toBe("text");
  expect([...folder.bytes("d.bin")]).toEqual([0, 255]);
  folder.write("e/f", "new");
  expect(folder.read("e/f")).toBe("new");
  folder.delete("d.bin");
  folder.delete("never/was");
  expect(folder.list()).toEqual(["a", "e"]);
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

describe("what a describe used", () => {
  let inner: Folder | undefined;
  describe("inner", () => {
    inner = useFolder({ "a.txt": "a" });
    test("is there", () => expect(inner?.read("a.txt")).toBe("a"));
  });
  test("is gone after it", () => expect(existsSync(inner?.path ?? "")).toBe(false));
});

describe("cleanup", () => {
  const cleanup = useCleanup();
  const done: string[] = [];
  test("has not happened during the test", () => {
    cleanup(() => done.push("first"));
    cleanup(async () => void done.push("last"));
    expect(done).toEqual([]);
  });
  afterAll(() => expect(done).toEqual(["last", "first"]));
  test("happens after it, last one first, and once", () => expect(done).toEqual(["last", "first"]));
});
