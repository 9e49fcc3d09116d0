import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Access, BeneathError, Judge } from "../../src/index.ts";
import { collect, makeSandbox, opened, outcome, SECRET } from "../sandbox.ts";

const leftover = `.beneath-${"a".repeat(24)}.tmp`;

/** Denies everything named "secret…" and everything below it; "fixed" is read-only. */
const judge: Judge = (path, access) => {
  if (/(?:^|\/)secret/.test(path)) return "denied";
  return access === "write" && /^fixed(?:\/|$)/.test(path) ? "read_only" : undefined;
};

function makeTree() {
  const sandbox = makeSandbox();
  const { inside } = sandbox;
  mkdirSync(inside("secrets/deep"), { recursive: true });
  mkdirSync(inside("open/sub"), { recursive: true });
  mkdirSync(inside("fixed/sub"), { recursive: true });
  mkdirSync(inside("clean/sub"), { recursive: true });
  const hidden = ["secrets/a.txt", "secrets/deep/b.txt", "open/sub/secret.txt"];
  for (const file of hidden) writeFileSync(inside(file), SECRET);
  for (const file of ["open/a.txt", "fixed/a.txt", "clean/sub/a.txt"]) writeFileSync(inside(file), "seen");
  symlinkSync("secrets", inside("to-dir"));
  symlinkSync("../secrets/a.txt", inside("open/to-file"));
  symlinkSync("sub/secret.txt", inside("open/near"));
  symlinkSync("to-dir/deep", inside("twice"));
  symlinkSync("open", inside("good"));
  symlinkSync("secrets/../open/a.txt", inside("through"));
  symlinkSync("../secrets/new.txt", inside("open/dangling"));
  return { ...sandbox, hidden };
}

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  const open = (dir: string, options = {}) => opened(dir, { judge, ...options }, protection);

  test("denied paths are refused, directly and through links, whether or not they exist", async () => {
    const { dir, hidden } = makeTree();
    const root = await open(dir);
    const missing = ["secrets/no", "secrets/no/deeper", "no/secret", "open/a/secret.txt", "secret"];
    const linked = ["to-dir/a.txt", "to-dir", "to-dir/no", "open/to-file", "open/near", "twice/b.txt", "good/near"];
    for (const path of [...hidden, ...missing, ...linked, "through", "open/dangling", "secrets", "secrets/deep"]) {
      const said = await Promise.all([
        outcome(root.read(path)),
        outcome(root.open(path)),
        outcome(collect(root.list(path))),
        outcome(collect(root.walk(path))),
        outcome(root.write(path, "x")),
        outcome(root.copy(path, "copied")),
        outcome(root.sweepTemporaries(path, { olderThanMs: 0 })),
      ]);
      expect([path, new Set(said)]).toEqual([path, new Set(["denied"])]);
    }
    const refused: unknown = await root.read("to-dir/a.txt").catch((error: BeneathError) => error);
    expect(refused).toMatchObject({ code: "denied", path: "to-dir/a.txt" });
    for (const path of [...hidden, ...missing, "to-dir/a.txt", "to-dir/no", "good/sub/secret.txt"]) {
      const said = await Promise.all([
        outcome(root.stat(path)),
        outcome(root.makeDirectory(path)),
        outcome(root.makeDirectory(`${path}/x/y`, { recursive: true })),
        outcome(root.rename(path, "moved")),
        outcome(root.rename("open/a.txt", path)),
        outcome(root.copy("open/a.txt", path)),
        outcome(root.copy("open/sub", `${path}/x`)),
        outcome(root.remove(path)),
        outcome(root.remove(path, { recursive: true })),
      ]);
      expect([path, new Set(said)]).toEqual([path, new Set(["denied"])]);
    }
    expect(await outcome(root.makeDirectory("new/secret", { recursive: true }))).toBe("denied");
    expect(readdirSync(dir)).toEqual(["clean", "fixed", "good", "open", "secrets", "through", "to-dir", "twice"]);
  });

  test("allowed paths are used, through links too, and the judged path has none", async () => {
    const { dir, inside } = makeTree();
    const asked = new Set<string>();
    const noting = (path: string, access: Access) => {
      asked.add(`${access} ${path}`);
      return judge(path, access);
    };
    symlinkSync(inside("open"), inside("absolute"));
    const root = await open(dir, { judge: noting });
    asked.clear();
    expect((await root.read("good/a.txt")).bytes.toString()).toBe("seen");
    expect((await root.read("absolute/sub/../a.txt")).bytes.toString()).toBe("seen");
    expect(asked).toContain("read open/a.txt");
    await root.write("good/new.txt", "mine");
    expect(asked).toContain("write open/new.txt");
    expect([...asked].filter((path) => /(?:good|absolute)\//.test(path))).toEqual([]);
    expect((await root.stat("open/to-file")).target).toBe("outside");
    expect((await root.stat("open/dangling")).target).toBe("outside");
    expect((await root.stat("good")).target).toBe("directory");
    expect(await outcome(root.stat(""))).toBe("done");
  });

  test("lists, walks and their stats leave out what is denied", async () => {
    const { dir, inside } = makeTree();
    const root = await open(dir);
    const names = async (entries: AsyncIterable<{ readonly path?: string; readonly name: string }>) =>
      (await collect(entries)).map(({ path, name }) => path ?? name).toSorted();
    expect(await names(root.list("open", { stats: true }))).toEqual(["a.txt", "dangling", "near", "sub", "to-file"]);
    expect(await names(root.list("open/sub"))).toEqual([]);
    const walked = await names(root.walk("", { stats: true }));
    expect(walked.filter((path) => path.includes("secret"))).toEqual([]);
    expect(walked).toContain("clean/sub/a.txt");
    // Through a link, the walk reports the caller's paths, and the judge is asked about the real ones.
    const below: Judge = (path) => (path.startsWith("open/sub") ? "denied" : undefined);
    writeFileSync(inside("open/sub/b"), "");
    const other = await open(dir, { judge: below });
    expect(await names(other.walk("good"))).toEqual(["a.txt", "dangling", "near", "to-file"].map((n) => `good/${n}`));
  });

  test("a read-only file is read, and not changed", async () => {
    const { dir } = makeTree();
    const root = await open(dir);
    expect((await root.read("fixed/a.txt")).bytes.toString()).toBe("seen");
    expect(await outcome(root.copy("fixed", "copied"))).toBe("done");
    expect(await outcome(root.rename("copied", "fixed/copied"))).toBe("read_only");
    const changes = await Promise.all([
      outcome(root.write("fixed/a.txt", "x")),
      outcome(root.write("fixed/new", "x")),
      outcome(root.makeDirectory("fixed/sub", { recursive: true })),
      outcome(root.remove("fixed/a.txt")),
      outcome(root.remove("fixed", { recursive: true })),
      outcome(root.rename("fixed", "moved")),
      outcome(root.copy("open/a.txt", "fixed/b.txt")),
    ]);
    expect(new Set(changes)).toEqual(new Set(["read_only"]));
    const told: unknown = await root.rename("open/a.txt", "fixed/x").catch((error: BeneathError) => error.path);
    expect(told).toBe("fixed/x");
    expect(readdirSync(`${dir}/fixed`)).toEqual(["a.txt", "sub"]);
  });

  test("a tree that holds something denied is not moved, copied or removed, and stays as it is", async () => {
    const { dir, inside } = makeTree();
    const root = await open(dir);
    expect(await outcome(root.rename("open", "moved"))).toBe("denied");
    expect(await outcome(root.copy("open", "copied"))).toBe("denied");
    expect(await outcome(root.remove("open", { recursive: true }))).toBe("denied");
    expect(readdirSync(inside("open"))).toEqual(["a.txt", "dangling", "near", "sub", "to-file"]);
    expect(readFileSync(inside("open/sub/secret.txt"), "utf8")).toBe(SECRET);
    expect(await outcome(root.rename("clean", "moved"))).toBe("done");
    expect(await outcome(root.copy("moved", "copied"))).toBe("done");
    expect(await outcome(root.remove("moved", { recursive: true }))).toBe("done");
    expect(readdirSync(inside("copied/sub"))).toEqual(["a.txt"]);
    // A name that is allowed in its place may be denied at the destination.
    const there: Judge = (path) => (/^fixed\/.*a\.txt$/.test(path) ? "denied" : undefined);
    const other = await open(dir, { judge: there });
    expect(await outcome(other.rename("copied", "fixed/new"))).toBe("denied");
    expect(await outcome(other.copy("copied", "fixed/new"))).toBe("denied");
    expect(readdirSync(inside("fixed"))).toEqual(["a.txt", "sub"]);
    // An entry that cannot be inspected is not moved with the rest.
    mkdirSync(Buffer.concat([Buffer.from(`${inside("copied")}/odd`), Buffer.from([0xff])]));
    expect(await outcome(root.rename("copied", "moved"))).toBe("name");
    expect(await outcome(root.remove("copied", { recursive: true }))).toBe("name");
    expect(readdirSync(dir)).not.toContain("moved");
  });

  test("entries added to a tree while it is copied or removed are judged too", async () => {
    const { dir, inside } = makeTree();
    let asked = 0;
    // Allows the first survey, and refuses the operation itself.
    const root = await open(dir, {
      judge: (path: string) => (path === "clean/sub/a.txt" && ++asked > 1 ? "denied" : undefined),
    });
    expect(await outcome(root.copy("clean", "copied"))).toBe("denied");
    asked = 0;
    expect(await outcome(root.remove("clean", { recursive: true }))).toBe("denied");
    expect(readdirSync(inside("clean/sub"))).toEqual(["a.txt"]);
    expect(readdirSync(dir)).not.toContain("copied");
  });

  test("a judge that denies hidden names does not affect this package's own temporary names", async () => {
    const { dir, inside } = makeTree();
    const root = await open(dir, { judge: (path: string) => (/(?:^|\/)\./.test(path) ? "denied" : undefined) });
    mkdirSync(inside(`clean/${leftover}/.below`), { recursive: true });
    writeFileSync(Buffer.concat([Buffer.from(`${inside("clean")}/odd`), Buffer.from([0xff])]), "");
    writeFileSync(inside(leftover), "");
    await root.write("new", "x");
    await root.write("new", "y");
    expect(await outcome(root.copy("open", "copied"))).toBe("done");
    expect(await outcome(root.remove("clean", { recursive: true }))).toBe("done");
    expect(await root.sweepTemporaries("", { olderThanMs: -1000 })).toBe(1);
    expect(await outcome(root.read(".hidden"))).toBe("denied");
  });

  test("a sweep skips what is denied and what can only be read", async () => {
    const { dir, inside } = makeTree();
    for (const directory of ["secrets", "secrets/deep", "open", "fixed"])
      writeFileSync(inside(`${directory}/${leftover}`), "");
    const root = await open(dir);
    expect(await root.sweepTemporaries("", { olderThanMs: -1000 })).toBe(1);
    expect(readdirSync(inside("open"))).not.toContain(leftover);
    for (const directory of ["secrets", "secrets/deep", "fixed"])
      expect(readdirSync(inside(directory))).toContain(leftover);
  });

  test("a watch never reports anything denied", async () => {
    const { dir, inside } = makeTree();
    const root = await open(dir);
    const told = new Set<string | undefined>();
    let look: () => void = () => undefined;
    const until = (path: string | undefined) =>
      new Promise<void>((resolve) => {
        look = () => told.has(path) && resolve();
        look();
      });
    root.watch((path) => {
      told.add(path);
      look();
    });
    await until(undefined);
    told.clear();
    writeFileSync(inside("secrets/deep/b.txt"), "changed");
    writeFileSync(inside("open/sub/secret.txt"), "changed");
    writeFileSync(inside("secret-new"), "x");
    mkdirSync(inside("secret-dir"));
    writeFileSync(inside("secret-dir/x"), "x");
    writeFileSync(inside("open/sub/last"), "x");
    await until("open/sub/last");
    await root.close();
    expect([...told]).toEqual(["open/sub/last"]);
  });

  test("what the judge throws reaches the caller", async () => {
    const { dir } = makeTree();
    const mine = new RangeError("mine");
    const root = await open(dir, {
      judge() {
        throw mine;
      },
    });
    await expect(root.read("open/a.txt")).rejects.toBe(mine);
    await expect(collect(root.list("open"))).rejects.toBe(mine);
  });
});

test("without a judge, nothing is looked at before it is moved or removed", async () => {
  const { dir, inside } = makeTree();
  // Inspecting this entry would refuse its name.
  mkdirSync(Buffer.concat([Buffer.from(`${inside("clean")}/odd`), Buffer.from([0xff])]));
  const root = await opened(dir);
  expect(await outcome(root.rename("clean", "moved"))).toBe("done");
  expect(await outcome(root.remove("moved", { recursive: true }))).toBe("done");
});
