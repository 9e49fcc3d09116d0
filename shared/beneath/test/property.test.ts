import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BeneathError, type Judge } from "../src/index.ts";
import { collect, descriptors, makeSandbox, opened, rounds, SECRET } from "./sandbox.ts";

/** Parts of all kinds of paths, including those that have broken other sandboxes. */
function pieces(dir: string, ...others: readonly string[]): fc.Arbitrary<string> {
  const known = [
    "..",
    ".",
    "",
    "/",
    "//",
    "~",
    "sub",
    "file.txt",
    "up",
    "abs",
    "in",
    "loop",
    "dangling",
    "fifo",
    "secret.txt",
    "denied",
  ];
  const odd = [
    "%2e%2e",
    "%2f",
    "\0",
    "\\",
    "..\\",
    "'",
    '"',
    " ",
    "\n",
    "\u202e",
    "e\u0301",
    "\u00e9",
    "C:",
    "file.txt:x",
    "CON",
    "...",
    "\ud800",
  ];
  const whole = [
    dir,
    `${dir}2`,
    `${dir} `,
    `${dir}'`,
    ...others,
    path.dirname(dir),
    "/proc/self/root",
    "/dev/stdin",
    "/etc",
  ];
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...known) },
    { weight: 2, arbitrary: fc.constantFrom(...odd) },
    { weight: 1, arbitrary: fc.constantFrom(...whole) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 300 }) },
  );
}

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  test("no path whatever reads or changes anything outside, throws anything else, or leaves a descriptor", async () => {
    const { dir, outside, inside } = makeSandbox();
    mkdirSync(inside("sub/deep"), { recursive: true });
    writeFileSync(inside("file.txt"), "inside");
    writeFileSync(inside("sub/file.txt"), "inside");
    symlinkSync("../outside", inside("up"));
    symlinkSync(outside, inside("sub/abs"));
    symlinkSync("sub", inside("in"));
    symlinkSync("loop", inside("loop"));
    symlinkSync("../outside/new", inside("dangling"));
    execFileSync("mkfifo", [inside("fifo")]);
    for (const sibling of [`${dir}2`, `${dir} `, `${dir}'`]) {
      mkdirSync(sibling);
      writeFileSync(path.join(sibling, "secret.txt"), SECRET);
    }
    const root = await opened(dir, {}, protection);
    const before = descriptors();
    const odd = fc
      .tuple(fc.array(pieces(dir, outside), { maxLength: 6 }), fc.constantFrom("/", "/", "/", "", "//", "\\"))
      .map(([parts, between]) => parts.join(between));

    await fc.assert(
      fc.asyncProperty(odd, async (given) => {
        const seen = [
          await tried(dir, async () => (await root.read(given)).bytes.toString()),
          await tried(dir, async () => (await collect(root.list(given))).map(({ name }) => name)),
          await tried(dir, () => root.stat(given)),
          await tried(dir, () => root.write(given, "x", { mode: "replace", durable: false })),
          await tried(dir, () => root.rename("file.txt", given).then(() => root.rename(given, "file.txt"))),
        ].join();
        expect(seen).not.toContain(SECRET);
        expect(seen).not.toContain("secret.txt");
      }),
      { numRuns: rounds(1000) },
    );
    await root.close();
    // The root's own handle, if it has one.
    expect(descriptors()).toBe(before - (protection === "handles" ? 1 : 0));
    const listed = execFileSync("find", [path.dirname(dir), "-name", "secret.txt", "-size", `${SECRET.length}c`]);
    expect(listed.toString().trim().split("\n")).toHaveLength(4);
    expect(execFileSync("find", [outside]).toString().trim().split("\n")).toHaveLength(2);
  });

  test("no path ever reads, reveals or changes what the judge denies", async () => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("denied/sub"), { recursive: true });
    mkdirSync(inside("sub"));
    for (const name of ["denied/secret.txt", "denied/sub/secret.txt", "sub/secret.txt"]) {
      writeFileSync(inside(name), SECRET);
    }
    writeFileSync(inside("file.txt"), "inside");
    symlinkSync("denied", inside("up"));
    symlinkSync(inside("denied/sub"), inside("sub/abs"));
    symlinkSync("denied/../denied/secret.txt", inside("in"));
    symlinkSync("up/sub/new", inside("dangling"));
    const judge: Judge = (name) => (/^denied(?:\/|$)|(?:^|\/)secret\.txt/.test(name) ? "denied" : undefined);
    const root = await opened(dir, { judge }, protection);
    const odd = fc.array(pieces(dir, inside("denied")), { maxLength: 6 }).map((parts) => parts.join("/"));
    await fc.assert(
      fc.asyncProperty(odd, async (given) => {
        const seen = [
          await tried(dir, async () => (await root.read(given)).bytes.toString()),
          await tried(dir, async () => (await collect(root.walk(given))).map(({ name }) => name)),
          await tried(dir, () => root.stat(given)),
          await tried(dir, () => root.write(given, "x", { mode: "replace", durable: false })),
          await tried(dir, () => root.rename("file.txt", given).then(() => root.rename(given, "file.txt"))),
          await tried(dir, () => root.rename(given, "moved").then(() => root.rename("moved", given))),
        ].join();
        expect(seen).not.toContain(SECRET);
        expect(seen).not.toContain("secret.txt");
        expect(seen).not.toContain(`"size":${SECRET.length},`);
      }),
      { numRuns: rounds(1000) },
    );
    const left = execFileSync("find", [dir, "-name", "secret.txt", "-size", `${SECRET.length}c`]);
    expect(left.toString().trim().split("\n")).toHaveLength(3);
    expect(
      execFileSync("find", [inside("denied")])
        .toString()
        .trim()
        .split("\n"),
    ).toHaveLength(4);
  });
});

/** What an operation reveals when it is not refused as it should be. */
async function tried(dir: string, operation: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await operation(), (_key, value) => (typeof value === "bigint" ? `${value}` : value)) ?? "";
  } catch (error) {
    if (!(error instanceof BeneathError)) throw error;
    expect(error.message).not.toContain(path.dirname(dir));
    return "";
  }
}
