import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryName } from "../../src/lookup/names.ts";
import { collect, descriptors, makeSandbox, namesIn, opened, outcome, SECRET } from "../sandbox.ts";

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  const open = (dir: string, options = {}) => opened(dir, options, protection);

  test("walks everything once, parents first, without following links or telling unfinished writes", async () => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("a/b/c"), { recursive: true });
    mkdirSync(inside("skipped/in"), { recursive: true });
    writeFileSync(inside("a/b/f.txt"), "12345");
    writeFileSync(inside(temporaryName()), "x");
    symlinkSync("..", inside("a/b/loop"));
    symlinkSync("../outside", inside("out"));
    const root = await open(dir);
    const entries = await collect(root.walk("", { stats: true, enter: ({ name }) => name !== "skipped" }));
    const told = entries.map(({ path: place, kind, depth }) => `${depth} ${place} ${kind}`);
    expect(told.toSorted()).toEqual([
      "0 a directory",
      "0 out symlink",
      "0 skipped directory",
      "1 a/b directory",
      "2 a/b/c directory",
      "2 a/b/f.txt file",
      "2 a/b/loop symlink",
    ]);
    expect(told.indexOf("0 a directory")).toBeLessThan(told.indexOf("1 a/b directory"));
    expect(entries.find(({ name }) => name === "f.txt")?.stat).toMatchObject({ kind: "file", size: 5 });
    expect(await namesIn(root.walk("a/b"))).toEqual(["c", "f.txt", "loop"]);
    expect(await outcome(collect(root.list("a/b/f.txt")))).toBe("not_a_directory");
  });

  test("a walk that is left early leaves no descriptor", async () => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("a/b/c/d"), { recursive: true });
    const root = await open(dir);
    const before = descriptors();
    for await (const { name } of root.walk("")) if (name === "c") break;
    for await (const _ of root.list("a")) break;
    const failing = root.walk("", {
      enter() {
        throw new RangeError("mine");
      },
    });
    await expect(collect(failing)).rejects.toThrow(RangeError);
    expect(descriptors()).toBe(before);
  });

  test("makes directories, one or all", async () => {
    const { dir, inside, outside } = makeSandbox();
    writeFileSync(inside("file"), "x");
    symlinkSync("../outside", inside("out"));
    const root = await open(dir);
    expect(await outcome(root.makeDirectory("a/b"))).toBe("not_found");
    expect(await outcome(root.makeDirectory("a/b/c", { recursive: true }))).toBe("done");
    expect(await outcome(root.makeDirectory("a/b/c", { recursive: true }))).toBe("done");
    expect(await outcome(root.makeDirectory("a/b/c"))).toBe("exists");
    expect(await outcome(root.makeDirectory("file/x", { recursive: true }))).toBe("not_a_directory");
    expect(await outcome(root.makeDirectory("file", { recursive: true }))).toBe("not_a_directory");
    expect(await outcome(root.makeDirectory("out/x", { recursive: true }))).toBe("outside");
    expect(await outcome(root.makeDirectory("", { recursive: true }))).toBe("done");
    expect(readdirSync(outside)).toEqual(["secret.txt"]);
    const many = Array.from({ length: 10 }, () => outcome(root.makeDirectory("x/y/z", { recursive: true })));
    expect(new Set(await Promise.all(many))).toEqual(new Set(["done"]));
  });

  test("stops making directories when aborted, even 60,000 of them", async () => {
    const { dir } = makeSandbox();
    const root = await open(dir);
    const deep = "d/".repeat(60_000);
    const aborted = AbortSignal.abort(new RangeError("mine"));
    await expect(root.makeDirectory("a", { signal: aborted })).rejects.toThrow(RangeError);
    expect(readdirSync(dir)).toEqual([]);
    const before = process.memoryUsage().heapUsed;
    const making = root.makeDirectory(deep, { recursive: true, signal: AbortSignal.timeout(500) });
    await expect(making).rejects.toThrow("timeout");
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  test("moves files, directories and links, and never onto anything", async () => {
    const { dir, inside, outside } = makeSandbox();
    mkdirSync(inside("d/sub"), { recursive: true });
    mkdirSync(inside("empty"));
    writeFileSync(inside("a"), "a", { mode: 0o600 });
    writeFileSync(inside("b"), "b");
    symlinkSync("../outside", inside("out"));
    const root = await open(dir);
    expect(await outcome(root.rename("a", "b"))).toBe("exists");
    expect(await outcome(root.rename("d", "empty"))).toBe("exists");
    expect(await outcome(root.rename("a", "a"))).toBe("exists");
    expect(await outcome(root.rename("d", "d/sub/x"))).toBe("name");
    expect(await outcome(root.rename("a", "out/a"))).toBe("outside");
    expect(await outcome(root.rename("out/secret.txt", "mine"))).toBe("outside");
    expect(await outcome(root.rename("missing", "x"))).toBe("not_found");
    expect(await outcome(root.rename("", "x"))).toBe("name");
    expect(await outcome(root.rename("a", "d/sub/moved"))).toBe("done");
    expect(await outcome(root.rename("d", "e"))).toBe("done");
    expect(await outcome(root.rename("out", "e/link"))).toBe("done");
    expect(readFileSync(inside("e/sub/moved"), "utf8")).toBe("a");
    expect(statSync(inside("e/sub/moved")).mode & 0o777).toBe(0o600);
    expect(statSync(inside("e/sub/moved")).nlink).toBe(1);
    expect(readlinkSync(inside("e/link"))).toBe("../outside");
    expect(readdirSync(dir)).toEqual(["b", "e", "empty"]);
    expect(readdirSync(outside)).toEqual(["secret.txt"]);
  });

  test("of many moves to one name, one succeeds and nothing is lost", async () => {
    const { dir, inside } = makeSandbox();
    for (let index = 0; index < 20; index += 1) writeFileSync(inside(`f${index}`), `${index}`);
    for (let index = 0; index < 20; index += 1) mkdirSync(inside(`d${index}`));
    const root = await open(dir);
    for (const kind of ["f", "d"]) {
      const moves = Array.from({ length: 20 }, (_, index) => outcome(root.rename(`${kind}${index}`, `${kind}-target`)));
      const results = await Promise.all(moves);
      expect(results.filter((result) => result === "done")).toHaveLength(1);
      expect(results.filter((result) => result === "exists")).toHaveLength(19);
      expect(readdirSync(dir).filter((name) => name.startsWith(kind))).toHaveLength(20);
    }
  });

  test("copies files and trees whole, links as links, and never onto anything", async () => {
    const { dir, inside, outside } = makeSandbox();
    mkdirSync(inside("d/sub"), { recursive: true });
    writeFileSync(inside("d/a"), "a".repeat(600_000), { mode: 0o750 });
    chmodSync(inside("d/a"), 0o4750);
    symlinkSync("../../../outside", inside("d/sub/out"));
    symlinkSync("d/a", inside("link"));
    const root = await open(dir);
    expect(await outcome(root.copy("d", "e"))).toBe("done");
    expect(readFileSync(inside("e/a"), "utf8")).toHaveLength(600_000);
    expect(statSync(inside("e/a")).mode & 0o7777).toBe(0o750);
    expect(readlinkSync(inside("e/sub/out"))).toBe("../../../outside");
    expect(await outcome(root.copy("d/a", "e/a"))).toBe("exists");
    expect(await outcome(root.copy("d", "e"))).toBe("exists");
    expect(await outcome(root.copy("d", "d/sub/again"))).toBe("done");
    expect(readdirSync(inside("d/sub/again/sub"))).toEqual(["out"]);
    expect(await outcome(root.copy("link", "file"))).toBe("done");
    expect(lstatSync(inside("file")).isFile()).toBe(true);
    expect(await outcome(root.copy("d/sub/out/secret.txt", "x"))).toBe("outside");
    expect(await outcome(root.copy("d/a", "d/sub/out/x"))).toBe("outside");
    const stopped = new AbortController();
    const copying = root.copy("d", "f", { signal: stopped.signal });
    stopped.abort(new Error("enough"));
    await expect(copying).rejects.toThrow("enough");
    execFileSync("mkfifo", [inside("d/fifo")]);
    expect(await outcome(root.copy("d", "g"))).toBe("not_a_file");
    expect(readdirSync(dir)).toEqual(["d", "e", "file", "link"]);
    expect(readdirSync(outside)).toEqual(["secret.txt"]);
  });

  test("removes the entry itself; a tree only when requested, and never through a link", async () => {
    const { dir, inside, outside } = makeSandbox();
    mkdirSync(inside("d/sub"), { recursive: true });
    writeFileSync(inside("d/a"), "a");
    writeFileSync(inside(`d/${temporaryName()}`), "left by a crash");
    symlinkSync("../../../outside", inside("d/sub/out"));
    symlinkSync("../outside", inside("out"));
    execFileSync("mkfifo", [inside("d/fifo")]);
    const root = await open(dir);
    expect(await outcome(root.remove("d"))).toBe("not_empty");
    expect(await outcome(root.remove("out/secret.txt"))).toBe("outside");
    expect(await outcome(root.remove("", { recursive: true }))).toBe("name");
    expect(
      await outcome(root.remove("d", { recursive: true, signal: AbortSignal.abort(new Error("no")) }).catch(() => {})),
    ).toBe("done");
    expect(readdirSync(dir)).toEqual(["d", "out"]);
    expect(await outcome(root.remove("d", { recursive: true }))).toBe("done");
    expect(await outcome(root.remove("out", { recursive: true }))).toBe("done");
    expect(await outcome(root.remove("out"))).toBe("not_found");
    expect(readdirSync(dir)).toEqual([]);
    expect(readFileSync(path.join(outside, "secret.txt"), "utf8")).toBe(SECRET);
  });

  test("names that are not UTF-8 are reported, lead nowhere, and go with their directory", async () => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("d"));
    const odd = Buffer.concat([Buffer.from(`${inside("d")}/bad`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(odd, "x");
    mkdirSync(Buffer.concat([odd, Buffer.from("dir")]));
    writeFileSync(Buffer.concat([odd, Buffer.from("dir/x")]), "x");
    const root = await open(dir);
    const entries = await collect(root.walk("", { stats: true }));
    expect(entries.filter(({ addressable }) => !addressable)).toHaveLength(2);
    for (const { path: place, addressable } of entries) {
      expect(await outcome(root.stat(place))).toBe(addressable ? "done" : "not_found");
    }
    expect(await outcome(root.copy("d", "e"))).toBe("name");
    expect(await outcome(root.remove("d", { recursive: true }))).toBe("done");
    expect(readdirSync(dir)).toEqual([]);
  });

  test("case and Unicode twins are different files", async () => {
    const { dir } = makeSandbox();
    const root = await open(dir);
    const twins = ["e\u0301.md", "\u00e9.md", "Readme", "README", "a\u202fb", "a b"];
    for (const name of twins) await root.write(name, name, { mode: "create" });
    for (const name of twins) expect((await root.read(name)).bytes.toString()).toBe(name);
    expect(await namesIn(root.list(""))).toEqual(twins.toSorted());
  });
});

test("trees deeper than a path can be long are made, read, walked, copied, moved and removed", async () => {
  const { dir } = makeSandbox();
  const root = await opened(dir);
  const deep = Array.from({ length: 30 }, (_, index) => `${index}`.padEnd(200, "x")).join("/");
  await root.makeDirectory(deep, { recursive: true });
  await root.write(`${deep}/note.md`, "deep");
  expect((await root.read(`${deep}/note.md`)).bytes.toString()).toBe("deep");
  await root.write(`${deep}/note.md`, "deeper", { mode: "replace" });
  await root.rename(`${deep}/note.md`, `${deep}/moved.md`);
  const [top = ""] = deep.split("/");
  await root.copy(top, "copy");
  const paths = (await collect(root.walk(""))).map(({ path: place }) => place);
  expect(paths).toContain(`${deep}/moved.md`);
  expect(paths).toContain(`${deep.replace(top, "copy")}/moved.md`);
  expect(await namesIn(root.list(deep))).toEqual(["moved.md"]);
  await root.remove(top, { recursive: true });
  await root.remove("copy", { recursive: true });
  expect(await namesIn(root.list(""))).toEqual([]);
});
