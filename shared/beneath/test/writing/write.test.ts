import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { OpenFile } from "../../src/index.ts";
import { descriptors, makeSandbox, opened, outcome, SECRET } from "../sandbox.ts";

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  const open = (dir: string, options = {}) => opened(dir, options, protection);

  test("creates, replaces, or does either", async () => {
    const { dir, inside } = makeSandbox();
    const root = await open(dir);
    expect(await outcome(root.write("a", "1", { mode: "replace" }))).toBe("not_found");
    expect(await outcome(root.write("a", "1", { mode: "create" }))).toBe("done");
    expect(await outcome(root.write("a", "2", { mode: "create" }))).toBe("exists");
    expect(await outcome(root.write("a", "3", { mode: "replace" }))).toBe("done");
    const stat = await root.write("a", new Uint8Array([52, 53]), { durable: false });
    expect(readFileSync(inside("a"), "utf8")).toBe("45");
    expect(stat).toEqual(await root.stat("a"));
    expect(await outcome(root.write("no/such", "x"))).toBe("not_found");
    expect(readdirSync(dir)).toEqual(["a"]);
  });

  test("a file's mode is kept, and a new one honours the umask", async () => {
    const { dir, inside } = makeSandbox();
    const before = process.umask(0o027);
    onTestFinished(() => void process.umask(before));
    const root = await open(dir);
    await root.write("new", "x");
    expect(statSync(inside("new")).mode & 0o7777).toBe(0o640);
    for (const mode of [0o600, 0o755, 0o666]) {
      chmodSync(inside("new"), mode);
      await root.write("new", "y");
      expect(statSync(inside("new")).mode & 0o7777).toBe(mode);
    }
  });

  test("whether a write would be allowed is what one would find", async ({ skip }) => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("sub"));
    writeFileSync(inside("sub/a"), "x");
    symlinkSync("sub/a", inside("link"));
    symlinkSync("missing", inside("dangling"));
    symlinkSync("../outside/secret.txt", inside("out"));
    const root = await open(dir, {
      judge: (path: string, access: string) => (path === "sub/b" && access === "write" ? "read_only" : undefined),
    });
    writeFileSync(inside("sub/b"), "x");
    const answers = async (...paths: string[]) => Promise.all(paths.map((path) => root.writable(path)));
    expect(await answers("", "sub", "sub/a", "link")).toEqual([true, true, true, true]);
    expect(await answers("sub/b", "dangling", "out")).toEqual([false, false, false]);
    expect(await outcome(root.writable("none"))).toBe("not_found");
    expect(await (await open(dir, { readOnly: true })).writable("sub/a")).toBe(false);
    if (process.getuid?.() === 0) skip("root may write everything");
    chmodSync(inside("sub"), 0o500);
    expect(await answers("sub", "sub/a", "link")).toEqual([false, false, false]);
    chmodSync(inside("sub"), 0o700);
    chmodSync(inside("sub/a"), 0o400);
    expect(await answers("sub", "sub/a", "link")).toEqual([true, false, false]);
  });

  test("a link that leads to a file inside has it written; others are refused and stay", async () => {
    const { dir, inside, outside } = makeSandbox();
    mkdirSync(inside("sub"));
    writeFileSync(inside("sub/a"), "old");
    symlinkSync("sub/a", inside("good"));
    symlinkSync("missing", inside("dangling"));
    symlinkSync("../outside/secret.txt", inside("out"));
    symlinkSync("../outside/new.txt", inside("out-new"));
    symlinkSync("../outside", inside("out-dir"));
    const root = await open(dir);
    await root.write("good", "new");
    expect(readFileSync(inside("sub/a"), "utf8")).toBe("new");
    expect(readlinkSync(inside("good"))).toBe("sub/a");
    expect(await outcome(root.write("dangling", "x"))).toBe("is_a_link");
    for (const file of ["out", "out-new", "out-dir/secret.txt", "out-dir/new.txt"]) {
      expect([file, await outcome(root.write(file, "x"))]).toEqual([file, "outside"]);
    }
    expect(readdirSync(outside)).toEqual(["secret.txt"]);
    expect(readFileSync(path.join(outside, "secret.txt"), "utf8")).toBe(SECRET);
    expect(readdirSync(dir)).toEqual(["dangling", "good", "out", "out-dir", "out-new", "sub"]);
  });

  test("check sees the bytes being replaced, and an exception from it reaches the caller and stops the write", async () => {
    const { dir, inside } = makeSandbox();
    const root = await open(dir);
    const seen: (string | undefined)[] = [];
    const check = (current: Buffer | undefined) => void seen.push(current?.toString());
    await root.write("a", "1", { check });
    await root.write("a", "2", { check });
    expect(seen).toEqual([undefined, "1"]);
    const mine = Object.assign(new Error("stale"), { code: "ENOENT", syscall: "open" });
    const refuse = () => Promise.reject(mine);
    await expect(root.write("a", "3", { check: refuse })).rejects.toBe(mine);
    expect(readFileSync(inside("a"), "utf8")).toBe("2");
    expect(readdirSync(dir)).toEqual(["a"]);
  });

  test("a file that changes after the check is checked again before it is replaced", async () => {
    const { dir, inside } = makeSandbox();
    writeFileSync(inside("a"), "one");
    const root = await open(dir);
    const seen: (string | undefined)[] = [];
    const write = root.write("a", "mine", {
      check(current) {
        seen.push(current?.toString());
        if (seen.length === 1) writeFileSync(inside("a"), "another's");
        else throw new Error("stale");
      },
    });
    await expect(write).rejects.toThrow("stale");
    expect(seen).toEqual(["one", "another's"]);
    expect(readFileSync(inside("a"), "utf8")).toBe("another's");
  });

  test("inspect sees the file that is replaced, opened, however large, and may refuse", async () => {
    const { dir, inside } = makeSandbox();
    const root = await open(dir);
    const before = descriptors();
    const seen: unknown[] = [];
    let kept: OpenFile | undefined;
    const inspect = async (current: OpenFile | undefined) => {
      kept = current;
      seen.push(current && [current.stat.size, (await current.read(1, 3)).toString()]);
    };
    await root.write("a", "12345", { inspect, permissions: 0o640 });
    expect(statSync(inside("a")).mode & 0o777).toBe(0o640);
    await root.write("a", "x", { inspect, permissions: 0o600 });
    expect(statSync(inside("a")).mode & 0o777).toBe(0o640);
    expect(seen).toEqual([undefined, [5, "234"]]);
    expect(await outcome(kept?.read(0, 1) ?? Promise.resolve())).toBe("gone");
    const mine = new Error("stale");
    await expect(root.write("a", "y", { inspect: () => Promise.reject(mine) })).rejects.toBe(mine);
    let count = 0;
    const changing = async () => {
      count += 1;
      if (count < 3) writeFileSync(inside("a"), `another's ${count}`);
    };
    await root.write("a", "last", { inspect: changing });
    expect(count).toBe(3);
    expect(readFileSync(inside("a"), "utf8")).toBe("last");
    expect(readdirSync(dir)).toEqual(["a"]);
    expect(descriptors()).toBe(before);
  });

  test("what this process changes by other means, at whatever moment, is never overwritten unseen", async () => {
    const { dir, inside } = makeSandbox();
    writeFileSync(inside("a"), "");
    const root = await open(dir);
    let done = 0;
    const tries = 400;
    for (let index = 0; index < tries; index += 1) {
      const { bytes } = await root.read("a");
      const check = (current: Buffer | undefined) => {
        if (!current?.equals(bytes)) throw new RangeError("changed");
      };
      const writing = root.write("a", `${bytes}w`, { check, durable: false }).then(
        () => (done += 1),
        (error: unknown) => expect(error).toBeInstanceOf(RangeError),
      );
      // At a different moment of the write each time.
      for (let turn = 0; turn < (index * 7) % tries; turn += 1) await setImmediate();
      appendFileSync(inside("a"), "d");
      await writing;
    }
    const text = readFileSync(inside("a"), "utf8");
    expect(text.replaceAll("w", "")).toHaveLength(tries);
    expect(text.replaceAll("d", "")).toHaveLength(done);
  });

  test("of many writers in this process that expect the same bytes, one wins", async () => {
    const { dir, inside } = makeSandbox();
    writeFileSync(inside("a"), "0");
    const roots = [await open(dir), await open(dir)];
    const writers = Array.from({ length: 40 }, (_, index) =>
      roots[index % 2]?.write("a", `${index + 1}`, {
        check(current) {
          if (String(current) !== "0") throw new Error("conflict");
        },
      }),
    );
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const created = await Promise.all(
      roots.concat(roots).map((root) => outcome(root.write("b", "x", { mode: "create" }))),
    );
    expect(created.filter((result) => result === "done")).toHaveLength(1);
  });

  test("a read-only root refuses every change", async () => {
    const { dir, inside } = makeSandbox();
    writeFileSync(inside("a"), "x");
    const root = await open(dir, { readOnly: true });
    expect(await outcome(root.write("a", "y"))).toBe("read_only");
    expect(await outcome(root.remove("a"))).toBe("read_only");
    expect(await outcome(root.rename("a", "b"))).toBe("read_only");
    expect(await outcome(root.copy("a", "b"))).toBe("read_only");
    expect(await outcome(root.makeDirectory("c"))).toBe("read_only");
    expect(readdirSync(dir)).toEqual(["a"]);
    expect(readFileSync(inside("a"), "utf8")).toBe("x");
  });
});
