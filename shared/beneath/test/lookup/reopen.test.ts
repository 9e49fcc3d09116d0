import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openScanner, type Root } from "../../src/index.ts";
import { attackPairs } from "../attacker.ts";
import { descriptors, makeSandbox, namesIn, opened, outcome, rounds, SECRET } from "../sandbox.ts";

const textOf = async (root: Root, name: string) => (await root.read(name)).bytes.toString();

function scannedNames(root: Root): Promise<string[]> {
  return root.scan("").then((scan) => {
    using held = scan;
    const scanner = openScanner(held.start);
    const names = [...scanner.walk()].map(({ path }) => path);
    scanner.close();
    return names;
  });
}

afterEach(() => void vi.useRealTimers());

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  test("a folder that is removed and made again is served again, by every call", async () => {
    const { dir, inside } = makeSandbox();
    writeFileSync(inside("old"), "old");
    const before = descriptors();
    const root = await opened(dir, {}, protection);
    for (let turn = 0; turn < 3; turn += 1) {
      rmSync(dir, { recursive: true });
      for (const call of [() => root.read("old"), () => root.write("x", ""), () => namesIn(root.list(""))]) {
        expect(await outcome(call())).toBe("gone");
      }
      mkdirSync(inside("sub"), { recursive: true });
      writeFileSync(inside("new"), `new ${turn}`);
      // The first call finds it, and many at once open it only once.
      const texts = await Promise.all([1, 2, 3].map(() => textOf(root, "new")));
      expect(texts).toEqual(Array.from({ length: 3 }, () => `new ${turn}`));
      expect(await outcome(root.read("old"))).toBe("not_found");
      await root.write("sub/written", "mine");
      await root.rename("new", "sub/new");
      await root.copy("sub/new", "copy");
      expect(readFileSync(inside("sub/written"), "utf8")).toBe("mine");
      expect(await namesIn(root.list("sub"))).toEqual(["new", "written"]);
      expect(await namesIn(root.walk(""))).toEqual(["copy", "new", "sub", "written"]);
      expect(await scannedNames(root)).toEqual(["copy", "sub", "sub/new", "sub/written"]);
      expect(await textOf(root, path.join(dir, "copy"))).toBe(`new ${turn}`);
    }
    await root.close();
    expect(descriptors()).toBe(before);
  });

  test("the first call after the change sees the new folder, whatever it is", async () => {
    const calls: Readonly<Record<string, (root: Root, other: Root) => Promise<unknown>>> = {
      list: async (root) => expect(await namesIn(root.list(""))).toContain("new"),
      walk: async (root) => expect(await namesIn(root.walk(""))).toContain("new"),
      scan: async (root) => expect(await scannedNames(root)).toContain("new"),
      stat: (root) => root.stat("new"),
      open: async (root) => (await root.open("new")).close(),
      write: (root) => root.write("new", "x", { mode: "replace" }),
      makeDirectory: (root) => root.makeDirectory("a/b", { recursive: true }),
      remove: (root) => root.remove("new"),
      "rename to it": (root, other) => other.rename("file", "here", { into: root }),
      "copy to it": (root, other) => other.copy("file", "here", { into: root }),
    };
    for (const [name, call] of Object.entries(calls)) {
      const { dir, inside, outside } = makeSandbox();
      const root = await opened(dir, {}, protection);
      writeFileSync(path.join(outside, "file"), "x");
      const other = await opened(outside, {}, protection);
      renameSync(dir, `${dir}.away`);
      mkdirSync(dir);
      writeFileSync(inside("new"), "x");
      expect([name, await outcome(call(root, other))]).toEqual([name, "done"]);
      expect(readdirSync(`${dir}.away`)).toEqual([]);
    }
  });

  test("only a directory at the real path counts: no link there, or on the path to it, is followed", async () => {
    const { dir, inside, outside } = makeSandbox();
    const above = inside("above");
    mkdirSync(path.join(above, "served"), { recursive: true });
    const root = await opened(path.join(above, "served"), {}, protection);
    const attempts = async () => {
      const codes: string[] = [];
      for (const call of [
        () => root.read("secret.txt"),
        () => root.stat(""),
        () => root.write("planted", "x"),
        () => namesIn(root.list("")),
        () => root.makeDirectory("made"),
      ]) {
        codes.push(await outcome(call()));
      }
      return new Set(codes);
    };
    rmSync(path.join(above, "served"), { recursive: true });
    symlinkSync(outside, path.join(above, "served"));
    expect(await attempts()).toEqual(new Set(["gone"]));
    unlinkSync(path.join(above, "served"));
    writeFileSync(path.join(above, "served"), "a file");
    expect(await attempts()).toEqual(new Set(["gone"]));
    // A directory of the same name, reached through a link.
    mkdirSync(path.join(outside, "served"));
    writeFileSync(path.join(outside, "served/secret.txt"), SECRET);
    rmSync(above, { recursive: true });
    symlinkSync(outside, above);
    expect(await attempts()).toEqual(new Set(["gone"]));
    expect(readdirSync(outside).toSorted()).toEqual(["secret.txt", "served"]);
    expect(readdirSync(path.join(outside, "served"))).toEqual(["secret.txt"]);
    unlinkSync(above);
    mkdirSync(path.join(above, "served"), { recursive: true });
    expect(await attempts()).toEqual(new Set(["not_found", "done"]));
    expect(readdirSync(dir)).toEqual(["above"]);
  });

  test("a folder that was opened through a link stays the directory that the link led to then", async () => {
    const { dir, inside, outside } = makeSandbox();
    mkdirSync(inside("real"));
    symlinkSync("real", inside("named"));
    const root = await opened(inside("named"), {}, protection);
    unlinkSync(inside("named"));
    symlinkSync(outside, inside("named"));
    rmSync(inside("real"), { recursive: true });
    expect(await outcome(root.read("secret.txt"))).toBe("gone");
    mkdirSync(inside("real"));
    writeFileSync(inside("real/a"), "mine");
    expect(await textOf(root, "a")).toBe("mine");
    expect(root.path).toBe(path.join(dir, "real"));
  });

  test("the rules hold as before", async () => {
    const { dir, inside } = makeSandbox();
    const judge = (name: string) => (name.startsWith("private") ? "denied" : undefined);
    const root = await opened(dir, { readOnly: true, followLinks: "never", judge }, protection);
    rmSync(dir, { recursive: true });
    mkdirSync(dir);
    writeFileSync(inside("private"), SECRET);
    writeFileSync(inside("a"), "a");
    symlinkSync("a", inside("link"));
    expect(await namesIn(root.list(""))).toEqual(["a", "link"]);
    expect(await outcome(root.read("private"))).toBe("denied");
    expect(await outcome(root.read("link"))).toBe("is_a_link");
    expect(await outcome(root.write("a", "x"))).toBe("read_only");
    expect(root.protection).toBe(protection);
  });

  test("a watch continues with the new folder, even without any calls", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { dir, inside } = makeSandbox();
    const root = await opened(dir, {}, protection);
    const changes = watchedBy(root);
    expect(await changes.next()).toBe(undefined);
    rmSync(dir, { recursive: true });
    vi.advanceTimersByTime(5000);
    expect(await changes.next()).toBe(undefined);
    expect(await outcome(root.stat(""))).toBe("gone");
    mkdirSync(inside("sub"), { recursive: true });
    vi.advanceTimersByTime(5000);
    // Until all of the new folder is watched, each change is reported as undefined.
    let told: string | undefined;
    for (let index = 0; told === undefined; index += 1) {
      writeFileSync(inside(`sub/file-${index}`), "x");
      told = await changes.next();
    }
    expect(told).toMatch(/^sub/);
    changes.stop();
  });

  test("a closed root stays closed", async () => {
    const { dir } = makeSandbox();
    const root = await opened(dir, {}, protection);
    const before = descriptors();
    rmSync(dir, { recursive: true });
    mkdirSync(dir);
    const running = outcome(root.stat(""));
    await root.close();
    expect(["done", "gone"]).toContain(await running);
    expect(await outcome(root.stat(""))).toBe("gone");
    expect(descriptors()).toBeLessThanOrEqual(before);
  });
});

test("while the folder itself is exchanged with a link to the outside, nothing outside is reached", async () => {
  const { dir, inside, outside } = makeSandbox();
  writeFileSync(inside("secret.txt"), "inside");
  const link = `${dir}.link`;
  symlinkSync(outside, link);
  const root = await opened(dir);
  const stop = await attackPairs([dir, link]);
  const seen = new Map<string, number>();
  for (let index = 0; index < rounds(600); index += 1) {
    const calls = [
      () => root.read("secret.txt").then(({ bytes }) => expect(bytes.toString()).toBe("inside")),
      () => root.write(`new-${index % 10}`, "mine", { durable: false }),
      () => namesIn(root.list("")).then((names) => expect(names).toContain("secret.txt")),
    ];
    const code = await outcome(calls[index % calls.length]?.() ?? Promise.resolve());
    seen.set(code, (seen.get(code) ?? 0) + 1);
  }
  expect(await stop()).toBeGreaterThan(0);
  expect([...seen.keys()].filter((code) => !["done", "gone", "not_found"].includes(code))).toEqual([]);
  expect(seen.get("done")).toBeGreaterThan(0);
  expect(readdirSync(outside)).toEqual(["secret.txt"]);
  expect(readFileSync(path.join(outside, "secret.txt"), "utf8")).toBe(SECRET);
});

/** A watch and its next report. */
function watchedBy(root: Root) {
  const told: (string | undefined)[] = [];
  let heard = () => {};
  const stop = root.watch((changed) => {
    told.push(changed);
    heard();
  });
  async function next(): Promise<string | undefined> {
    while (told.length === 0) await new Promise<void>((resolve) => (heard = resolve));
    return told.shift();
  }
  return { stop, next };
}
