import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, mkdirSync, readSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { BeneathError, openScanner, type Root, type Scanner, type ScannerOptions } from "../../src/index.ts";
import { scanPlaceOf } from "../../src/scan/scan-place.ts";
import { sortedNames } from "../../src/scan/sorted-names.ts";
import { attack, MARKER } from "../attacker.ts";
import { descriptors, makeSandbox, opened, outcome, rounds, SECRET } from "../sandbox.ts";

/** Scans a path, and closes everything. */
async function scanned<T>(
  root: Root,
  at: string,
  work: (scanner: Scanner) => T,
  options: ScannerOptions = {},
): Promise<T> {
  using scan = await root.scan(at);
  const scanner = openScanner(scan.start, options);
  try {
    return work(scanner);
  } finally {
    scanner.close();
  }
}

function textOf(fd: number): string {
  const bytes = Buffer.alloc(1000);
  try {
    return bytes.toString("utf8", 0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}

const paths = (scanner: Scanner, from?: string) => Array.from(scanner.walk({ from }), ({ path }) => path);

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  function makeTree() {
    const sandbox = makeSandbox();
    const { inside } = sandbox;
    mkdirSync(inside("b/c"), { recursive: true });
    mkdirSync(inside("d"));
    for (const file of ["a", "b/a", "b/c/a", "e"]) writeFileSync(inside(file), file);
    writeFileSync(inside(`.beneath-${"a".repeat(24)}.tmp`), "");
    symlinkSync("b", inside("link"));
    symlinkSync("..", inside("up"));
    return sandbox;
  }
  const ALL = ["a", "b", "b/a", "b/c", "b/c/a", "d", "e", "link", "up"];

  test("everything below is reported in order, links not followed, unfinished writes left out", async () => {
    const root = await opened(makeTree().dir, {}, protection);
    expect(await scanned(root, "", paths)).toEqual(ALL);
    expect(await scanned(root, "link", paths)).toEqual(["a", "c", "c/a"]);
    const kinds = await scanned(root, "", (scanner) => Array.from(scanner.walk(), ({ kind }) => kind));
    expect(kinds.filter((kind) => kind === "symlink")).toHaveLength(2);
  });

  test("a walk can begin at any entry, and continues after one that is gone", async () => {
    const { dir, inside } = makeTree();
    const root = await opened(dir, {}, protection);
    for (const [index, from] of ALL.entries()) {
      expect(await scanned(root, "", (scanner) => paths(scanner, from))).toEqual(ALL.slice(index));
    }
    rmSync(inside("b/c"), { recursive: true });
    expect(await scanned(root, "", (scanner) => paths(scanner, "b/c/a"))).toEqual(ALL.slice(5));
    expect(await scanned(root, "", (scanner) => paths(scanner, "zzz/zzz"))).toEqual([]);
  });

  test("entries are described and opened", async () => {
    const root = await opened(makeTree().dir, {}, protection);
    await scanned(root, "", (scanner) => {
      for (const entry of scanner.walk()) {
        expect(scanner.stat(entry).kind).toBe(entry.kind);
        if (entry.kind === "file") expect(textOf(scanner.open(entry))).toBe(entry.path);
        else expect(() => scanner.open(entry)).toThrow(BeneathError);
      }
      expect(scanner.has(scanner.start, "a")).toBe(true);
      expect(scanner.has(scanner.start, "none")).toBe(false);
    });
    await scanned(root, "b/a", (scanner) => expect(textOf(scanner.openStart())).toBe("b/a"));
  });

  test("what the judge denies is left out, and not opened", async () => {
    const root = await opened(makeTree().dir, {}, protection);
    const judge = (path: string) => (/^b\/c(?:\/|$)|^e$/.test(path) ? ("denied" as const) : undefined);
    expect(await scanned(root, "", paths, { judge })).toEqual(["a", "b", "b/a", "d", "link", "up"]);
    expect(await scanned(root, "b", paths, { judge })).toEqual(["a"]);
    await scanned(root, "", (scanner) => expect(() => scanner.openIn(scanner.start, "e")).toThrow("deny"), { judge });
  });

  test("paths that cannot be scanned are refused", async () => {
    const { dir, inside } = makeTree();
    symlinkSync("/etc", inside("out"));
    execFileSync("mkfifo", [inside("fifo")]);
    const root = await opened(dir, {}, protection);
    expect(await outcome(root.scan("none"))).toBe("not_found");
    expect(await outcome(root.scan("out"))).toBe("outside");
    expect(await outcome(root.scan("../outside"))).toBe("outside");
    expect(await outcome(root.scan("fifo"))).toBe("not_a_file");
    expect(await outcome(scanned(root, "a", paths))).toBe("not_a_directory");
  });

  test("a FIFO in a file's place is not opened, and nothing waits for it", async () => {
    const { dir, inside } = makeTree();
    const root = await opened(dir, {}, protection);
    execFileSync("mkfifo", [inside("fifo")]);
    // Writing to a FIFO waits until somebody opens it for reading.
    const writer = spawn("sh", ["-c", 'echo seen > "$0"', inside("fifo")]);
    onTestFinished(() => void writer.kill("SIGKILL"));
    await scanned(root, "", (scanner) => {
      for (const entry of scanner.walk()) {
        if (entry.path === "fifo") expect(() => scanner.open(entry)).toThrow("regular file");
        if (entry.path === "fifo") expect(() => scanner.openIn(scanner.start, "fifo")).toThrow("regular file");
      }
    });
    expect(await waits(writer, inside("fifo"))).toBe(true);
    // A FIFO without a writer, which replaces the file after it was reported.
    await scanned(root, "", (scanner) => {
      const entries = Array.from(scanner.walk());
      renameSync(inside("fifo"), inside("e"));
      const told = entries.find(({ path }) => path === "e");
      expect(told?.kind).toBe("file");
      if (told) expect(() => scanner.open(told)).toThrow("regular file");
    });
  });

  test("a directory that disappears, or becomes something else, is reported with a problem", async () => {
    const { dir, inside } = makeTree();
    const root = await opened(dir, {}, protection);
    const told = await scanned(root, "", (scanner) =>
      Array.from(scanner.walk(), ({ path, problem }) => {
        if (path === "a") rmSync(inside("b"), { recursive: true });
        if (path === "a") symlinkSync("../outside", inside("b"));
        return problem ? `${path}: ${problem}` : path;
      }),
    );
    expect(told).toEqual(["a", "b: not_a_directory", "d", "e", "link", "up"]);
  });
});

/** Whether a process is still waiting to open a FIFO; it finishes once somebody reads. */
async function waits(writer: ChildProcess, fifo: string): Promise<boolean> {
  const before = writer.exitCode === null;
  const said = execFileSync("cat", [fifo]).toString();
  return before && said === "seen\n";
}

test("a tree of any depth takes a bounded number of descriptors", async () => {
  const { dir } = makeSandbox();
  const levels = 300;
  const name = "deep".repeat(10);
  const here = process.cwd();
  process.chdir(dir);
  // Name by name, since the whole path would be too long for the system.
  for (let depth = 0; depth < levels; depth += 1) {
    mkdirSync(name);
    writeFileSync("z", String(depth));
    process.chdir(name);
  }
  process.chdir(here);
  onTestFinished(() => void execFileSync("rm", ["-rf", path.join(dir, name)]));
  const root = await opened(dir);
  const before = descriptors();
  await scanned(root, "", (scanner) => {
    let most = 0;
    const seen: string[] = [];
    for (const entry of scanner.walk()) {
      most = Math.max(most, descriptors() - before);
      if (entry.kind === "file") seen.push(textOf(scanner.open(entry)));
    }
    // The files follow the directories beside them, on the way back.
    expect(seen).toEqual(Array.from({ length: levels }, (_, index) => String(levels - 1 - index)));
    expect(most).toBeLessThan(80);
  });
  expect(descriptors()).toBe(before);
});

test("a directory with more names than are held at a time is still listed in order", async () => {
  const { dir, inside } = makeSandbox();
  const names = Array.from({ length: 500 }, (_, index) => `f${(index * 7919) % 500}`).sort();
  for (const name of names) writeFileSync(inside(name), "");
  const root = await opened(dir);
  using scan = await root.scan("");
  const place = scanPlaceOf(scan.start);
  for (const held of [1, 7, 100, 499, 500]) {
    expect(
      Array.from(
        sortedNames(() => place, { from: "", keep: () => true, held }),
        ({ name }) => name,
      ),
    ).toEqual(names);
  }
  expect(
    Array.from(
      sortedNames(() => place, { from: "f3", keep: () => true, held: 10 }),
      ({ name }) => name,
    ),
  ).toEqual(names.filter((name) => name >= "f3"));
});

test("a scan serves a thread, and outlives the root's own closing", async () => {
  const { dir, inside } = makeSandbox();
  writeFileSync(inside("file"), "inside");
  const root = await opened(dir);
  using scan = await root.scan("");
  await root.close();
  const code = `
    const { parentPort, workerData } = require("node:worker_threads");
    const { readdirSync } = require("node:fs");
    parentPort.postMessage(readdirSync(workerData.place));`;
  const worker = new Worker(code, { eval: true, workerData: scan.start });
  onTestFinished(async () => void (await worker.terminate()));
  expect(await new Promise((resolve) => worker.once("message", resolve))).toEqual(["file"]);
});

test("scans never reach outside while directories and links are swapped", async () => {
  const before = descriptors();
  const attacked = await attack();
  const root = await opened(attacked.dir);
  const count = { done: 0, refused: 0, problems: 0 };
  const starts = ["", "dir", "a/b", "leaf.txt"];
  const least = rounds(300);
  const seen = new Set<string>();
  for (let index = 0; index < least || count.done === 0 || count.refused === 0; index += 1) {
    try {
      await scanned(root, starts[index % starts.length] ?? "", (scanner) => readAll(scanner, index, seen));
      count.done += 1;
    } catch (error) {
      if (!(error instanceof BeneathError)) throw error;
      expect(["outside", "is_a_link", "not_found", "not_a_directory", "not_a_file"]).toContain(error.code);
      count.refused += 1;
    }
  }
  const swaps = await attacked.stop();
  await root.close();
  if (process.env.HEAVY) process.stdout.write(`scan: ${JSON.stringify({ ...count, swaps })}\n`);
  expect(Array.from(seen).filter((text) => text.includes(SECRET) || text.includes(MARKER))).toEqual([]);
  expect(seen).toContain("inside");
  expect(descriptors()).toBe(before);
});

function readAll(scanner: Scanner, index: number, seen: Set<string>): void {
  const attempt = (work: () => string) => {
    try {
      seen.add(work());
    } catch (error) {
      // It was swapped for a link, or is missing for a moment.
      if (!(error instanceof BeneathError)) throw error;
    }
  };
  if (index % 4 === 3) {
    attempt(() => textOf(scanner.openStart()));
    return;
  }
  for (const entry of scanner.walk()) {
    seen.add(entry.name);
    attempt(() => textOf(scanner.open(entry)));
    attempt(() => {
      const { kind, size } = scanner.stat(entry);
      return kind === "file" && size === SECRET.length ? SECRET : kind;
    });
  }
}

test.skipIf(process.getuid?.() === 0)("a directory that cannot be read is reported", async () => {
  const { dir, inside } = makeSandbox();
  mkdirSync(inside("locked"), { mode: 0 });
  onTestFinished(() => rmSync(inside("locked"), { recursive: true }));
  const root = await opened(dir);
  const told = await scanned(root, "", (scanner) => Array.from(scanner.walk(), ({ problem }) => problem));
  expect(told).toEqual(["no_permission"]);
});
