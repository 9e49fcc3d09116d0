import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { isTemporary } from "../../src/index.ts";
import { makeElsewhere, makeSandbox } from "../sandbox.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const KILLS = process.env.HEAVY ? 200 : 5;

/** Kills a program once it has begun its `after`th operation. */
async function killDuring(program: string, args: readonly string[], after: number): Promise<void> {
  const writer = spawn(process.execPath, [fixture(program), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void writer.kill("SIGKILL"));
  let begun = 0;
  writer.stdout.on("data", (dots: Buffer) => {
    begun += dots.length;
    if (begun >= after) writer.kill("SIGKILL");
  });
  const [, signal] = await once(writer, "close");
  expect(signal).toBe("SIGKILL");
}

test("kill -9 during writes of two processes leaves every file old or new, and whole", async () => {
  const { dir, inside } = makeSandbox();
  const files = ["0.txt", "1.txt", "2.txt"];
  for (const name of files) writeFileSync(inside(name), "x".repeat(100_000));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const writers = [5 + (kill % 7), 9 + (kill % 11)];
    await Promise.all(writers.map((after) => killDuring("writer.mjs", [dir], after)));
    for (const name of files) {
      const text = readFileSync(inside(name), "utf8");
      expect(text).toBe(text.charAt(0).repeat(100_000));
    }
    const left = readdirSync(dir).filter((name) => !files.includes(name));
    expect(left.filter((name) => !isTemporary(path.basename(name)))).toEqual([]);
  }
});

test("kill -9 during moves between file systems leaves the tree whole at one of its places", async (context) => {
  const elsewhere = makeElsewhere();
  if (elsewhere === undefined) return context.skip();
  const { dir, inside } = makeSandbox();
  mkdirSync(inside("tree/sub"), { recursive: true });
  const files = Array.from({ length: 40 }, (_, index) => (index % 2 ? `sub/${index}` : `${index}`));
  for (const name of files) writeFileSync(inside(`tree/${name}`), name.repeat(1000));
  const isWhole = (place: string) =>
    files.every((name) => readFileSync(path.join(place, name), "utf8") === name.repeat(1000));
  for (let kill = 0; kill < KILLS * 2; kill += 1) {
    await killDuring("mover.mjs", [dir, elsewhere], 1 + (kill % 5));
    const places = [inside("tree"), path.join(elsewhere, "tree")].filter((place) => existsSync(place));
    // For a moment, an empty directory has the name that the tree is about to get.
    const trees = places.filter((place) => readdirSync(place).length > 0);
    expect(trees.length).toBeGreaterThan(0);
    expect(trees.filter((place) => !isWhole(place))).toEqual([]);
  }
});
