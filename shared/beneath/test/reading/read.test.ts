import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { BeneathError } from "../../src/index.ts";
import { collect, descriptors, makeSandbox, namesIn, opened, outcome, SECRET } from "../sandbox.ts";

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  const open = (dir: string, options = {}) => opened(dir, options, protection);

  test("reads files by relative and absolute paths, through links that lead inside", async () => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("sub/deep"), { recursive: true });
    writeFileSync(inside("sub/a.txt"), "hello");
    symlinkSync("sub", inside("relative"));
    symlinkSync(inside("sub"), inside("absolute"));
    symlinkSync("sub/deep/../../../root/sub/./a.txt", inside("around"));
    symlinkSync("relative/deep/..", inside("twice"));
    const root = await open(dir);
    expect(root.protection).toBe(protection);
    const paths = ["sub/a.txt", inside("sub/a.txt"), "relative/a.txt", "absolute/a.txt", "around", "twice/a.txt"];
    for (const file of paths) expect([file, (await root.read(file)).bytes.toString()]).toEqual([file, "hello"]);
  });

  test("refuses links that lead outside, and reveals nothing about their targets", async () => {
    const { dir, inside, outside } = makeSandbox();
    symlinkSync("../outside", inside("up"));
    symlinkSync(outside, inside("absolute"));
    symlinkSync(`${outside}/secret.txt`, inside("file"));
    symlinkSync("up", inside("twice"));
    symlinkSync("/proc/self/cwd", inside("magic"));
    symlinkSync("loop", inside("loop"));
    symlinkSync("nothing", inside("dangling"));
    const root = await open(dir);
    for (const file of ["up/secret.txt", "up/missing", "absolute/secret.txt", "file", "twice/secret.txt", "magic/x"]) {
      expect([file, await outcome(root.read(file))]).toEqual([file, "outside"]);
      expect([file, await outcome(root.open(file))]).toEqual([file, "outside"]);
    }
    expect(await outcome(collect(root.list("up")))).toBe("outside");
    expect(await outcome(collect(root.walk("absolute")))).toBe("outside");
    expect(await outcome(root.read("loop"))).toBe("is_a_link");
    expect(await outcome(root.read("dangling"))).toBe("not_found");
    const targets = ["up", "file", "loop", "dangling"].map(async (name) => (await root.stat(name)).target);
    expect(await Promise.all(targets)).toEqual(["outside", "outside", "missing", "missing"]);
  });

  test("with followLinks never, no link is followed", async () => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("sub"));
    writeFileSync(inside("sub/a.txt"), "hello");
    symlinkSync("sub", inside("link"));
    const root = await open(dir, { followLinks: "never" });
    expect(await outcome(root.read("link/a.txt"))).toBe("is_a_link");
    expect(await outcome(root.write("link/a.txt", "x"))).toBe("is_a_link");
    expect((await root.stat("link")).kind).toBe("symlink");
    expect(await outcome(root.read("sub/a.txt"))).toBe("done");
  });

  test("anything but a regular file is refused at once, without being opened", async () => {
    const { dir, inside } = makeSandbox();
    execFileSync("mkfifo", [inside("fifo")]);
    const socket = createServer().listen(inside("socket"));
    await new Promise((resolve) => socket.once("listening", resolve));
    onTestFinished(() => void socket.close());
    mkdirSync(inside("directory"));
    const root = await open(dir);
    for (const name of ["fifo", "socket", "directory", ""]) {
      expect([name, await outcome(root.read(name))]).toEqual([name, "not_a_file"]);
      expect([name, await outcome(root.open(name))]).toEqual([name, "not_a_file"]);
    }
    for (const name of ["fifo", "socket", "directory", ""]) {
      expect([name, await outcome(root.write(name, "x"))]).toEqual([name, "not_a_file"]);
    }
    expect((await root.stat("fifo")).kind).toBe("other");
    expect(await outcome(root.copy("fifo", "copy"))).toBe("not_a_file");
    expect(await namesIn(root.list(""))).toEqual(["directory", "fifo", "socket"]);
  });

  test("a limit, a growing file, ranges and streams", async () => {
    const { dir, inside } = makeSandbox();
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
    writeFileSync(inside("big"), bytes);
    writeFileSync(inside("empty"), "");
    const root = await open(dir);
    expect(await outcome(root.read("big", { maxBytes: 199_999 }))).toBe("too_large");
    expect((await root.read("big", { maxBytes: 200_000 })).bytes.equals(bytes)).toBe(true);
    expect((await root.read("empty")).bytes).toHaveLength(0);
    const file = await root.open("big");
    expect((await file.read(199_990, 50)).equals(bytes.subarray(199_990))).toBe(true);
    expect(await file.read(300_000, 10)).toHaveLength(0);
    expect(
      Buffer.concat(await collect(file.stream({ start: 100, end: 150_000 }))).equals(bytes.subarray(100, 150_000)),
    ).toBe(true);
    truncateSync(inside("big"), 10);
    expect(await file.read(0, 100)).toHaveLength(10);
    await file.close();
    expect(await outcome(file.read(0, 1))).toBe("gone");
  });

  test("errors name the path as it was given, and no other", async () => {
    const { dir, inside, outside } = makeSandbox();
    mkdirSync(inside("closed"));
    writeFileSync(inside("file"), "x");
    symlinkSync(outside, inside("link"));
    const root = await open(dir);
    const failures: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["./file/../missing.txt", () => root.read("./file/../missing.txt")],
      ["link/secret.txt", () => root.read("link/secret.txt")],
      [`${outside}/secret.txt`, () => root.stat(`${outside}/secret.txt`)],
      ["file/below", () => root.write("file/below", "x")],
      ["./", () => root.remove("./")],
      ["link/x", () => root.rename("file", "link/x")],
      ["closed", () => root.copy("file", "closed")],
      ["a\0b", () => root.makeDirectory("a\0b")],
    ];
    for (const [given, fail] of failures) {
      const error = await fail().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(BeneathError);
      if (!(error instanceof BeneathError)) continue;
      expect(error.path).toBe(given);
      const said = `${error.message}${error.stack?.split("\n    at ")[0]}${error.cause ?? ""}`;
      expect(said).not.toContain(path.dirname(dir));
      expect(said).not.toMatch(/\/proc|ENO|E[A-Z]{4}/);
    }
  });

  test("a root that was moved or removed is gone", async () => {
    const { dir, inside } = makeSandbox();
    writeFileSync(inside("a.txt"), "x");
    const root = await open(dir);
    renameSync(dir, `${dir}.away`);
    for (const call of [() => root.read("a.txt"), () => root.stat(""), () => root.write("b", "x")]) {
      expect(await outcome(call())).toBe("gone");
    }
    renameSync(`${dir}.away`, dir);
    expect(await outcome(root.read("a.txt"))).toBe("done");
    const empty = makeSandbox();
    const removed = await open(empty.dir);
    rmdirSync(empty.dir);
    expect(await outcome(removed.stat(""))).toBe("gone");
    expect(await outcome(removed.write("x", "x"))).toBe("gone");
  });

  test("a closed root refuses calls, ends running ones, and leaves no descriptor", async () => {
    const { dir, inside } = makeSandbox();
    for (let index = 0; index < 50; index += 1) writeFileSync(inside(`f${index}`), "x");
    const before = descriptors();
    const root = await open(dir);
    const running = Array.from({ length: 50 }, (_, index) => outcome(root.read(`f${index}`)));
    const closing = root.close();
    expect(new Set(await Promise.all(running))).toEqual(new Set(["done"]));
    await closing;
    expect(await outcome(root.read("f1"))).toBe("gone");
    await (await opened(dir)).close();
    expect(descriptors()).toBe(before);
  });

  test("an aborted read throws the signal's reason", async () => {
    const { dir, inside } = makeSandbox();
    writeFileSync(inside("a"), "x");
    const root = await open(dir);
    const reason = new Error("enough");
    await expect(root.read("a", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(collect(root.walk("", { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  });

  test("a hard link to a file outside cannot be distinguished, and is read", async () => {
    const { dir, inside, outside } = makeSandbox();
    linkSync(path.join(outside, "secret.txt"), inside("hard"));
    const root = await open(dir);
    expect((await root.stat("hard")).nlink).toBe(2);
    expect((await root.read("hard")).bytes.toString()).toBe(SECRET);
    // Writing replaces the name, so the file outside keeps its bytes.
    await root.write("hard", "mine");
    expect((await root.stat("hard")).nlink).toBe(1);
  });

  test.skipIf(process.getuid?.() === 0)(
    "a file that may not be read or written is refused with no_permission",
    async () => {
      const { dir, inside } = makeSandbox();
      writeFileSync(inside("secret"), "x", { mode: 0 });
      writeFileSync(inside("fixed"), "x", { mode: 0o444 });
      mkdirSync(inside("closed"), { mode: 0 });
      mkdirSync(inside("listed"));
      writeFileSync(inside("listed/name"), "x");
      chmodSync(inside("listed"), 0o444);
      const root = await open(dir);
      expect(await outcome(root.read("secret"))).toBe("no_permission");
      expect(await outcome(root.write("fixed", "y"))).toBe("no_permission");
      expect(await outcome(collect(root.list("closed")))).toBe("no_permission");
      const told = (await collect(root.walk("", { stats: true }))).map(
        ({ path: place, problem }) => `${place} ${problem}`,
      );
      expect(told).toContain("closed no_permission");
      expect(told).toContain("listed/name undefined");
    },
  );
});

test("paths that cannot be opened as a root", async () => {
  const { dir, inside } = makeSandbox();
  writeFileSync(inside("file"), "x");
  expect(await outcome(opened(inside("missing")))).toBe("not_found");
  expect(await outcome(opened(inside("file")))).toBe("not_a_directory");
  symlinkSync(dir, `${dir}.link`);
  const root = await opened(`${dir}.link`);
  expect(root.path).toBe(dir);
  expect(root.relative(`${dir}.link/file`)).toBe("file");
  expect(root.relative(inside("file"))).toBe("file");
});
