import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { makeSandbox, type Sandbox, SECRET } from "./sandbox.ts";

/** A name that exists only outside; an answer with it has reached outside. */
export const MARKER = "outside-marker";
const SOURCE = fileURLToPath(new URL("fixtures/swap.c", import.meta.url));
const SCRIPT = fileURLToPath(new URL("fixtures/swap.mjs", import.meta.url));

let command: readonly string[] | undefined;

/** The attacker's command, compiled where there is a compiler. */
function attacker(): readonly string[] {
  if (command) return command;
  const folder = mkdtempSync(path.join(tmpdir(), "swap-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const program = path.join(folder, "swap");
  try {
    execFileSync("cc", ["-O2", "-o", program, SOURCE], { stdio: "ignore" });
    command = [program];
  } catch {
    command = [process.execPath, SCRIPT];
  }
  return command;
}

/**
 * A root whose directory `dir`, file `leaf.txt` and directory `a/b` are continually swapped with links to their
 * counterparts in a forbidden place.
 */
export interface Attacked extends Sandbox {
  /** The forbidden tree with all its bytes and times. */
  readonly forbiddenNow: () => string;
  readonly stop: () => Promise<number>;
}

/** @param denied a directory inside that is forbidden; by default, everything outside is */
export async function attack(denied?: string): Promise<Attacked> {
  const sandbox = makeSandbox();
  const { inside } = sandbox;
  const forbidden = denied === undefined ? sandbox.outside : inside(denied);
  mkdirSync(forbidden, { recursive: true });
  writeFileSync(path.join(forbidden, "secret.txt"), SECRET);
  for (const [place, content] of [
    [inside("dir"), "inside"],
    [inside("a/b"), "inside"],
    [forbidden, SECRET],
  ] as const) {
    mkdirSync(path.join(place, "tree/deep"), { recursive: true });
    writeFileSync(path.join(place, "file.txt"), content);
    writeFileSync(path.join(place, "victim.txt"), content);
    writeFileSync(path.join(place, "tree/deep/keep.txt"), content);
  }
  writeFileSync(path.join(forbidden, MARKER), SECRET);
  writeFileSync(path.join(forbidden, "tree", MARKER), SECRET);
  writeFileSync(inside("leaf.txt"), "inside");
  symlinkSync(forbidden, inside("dir-evil"));
  symlinkSync(path.relative(inside("a"), forbidden), inside("a/b-evil"));
  symlinkSync(path.relative(inside(""), path.join(forbidden, "secret.txt")), inside("leaf-evil"));
  mkdirSync(inside("work"));
  const pairs = ["dir", "dir-evil", "a/b", "a/b-evil", "leaf.txt", "leaf-evil"].map(inside);
  return { ...sandbox, forbiddenNow: () => snapshot(forbidden), stop: await attackPairs(pairs) };
}

/** Keeps swapping each path with the next. Returns a function that stops it and returns the number of swaps. */
export async function attackPairs(pairs: readonly string[]): Promise<() => Promise<number>> {
  const [program = "", ...args] = attacker();
  const child = spawn(program, [...args, ...pairs], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  onTestFinished(() => void child.kill("SIGKILL"));
  return () => stop(child);
}

async function stop(child: ChildProcess): Promise<number> {
  let said = "";
  child.stdout?.on("data", (bytes) => (said += bytes));
  const closed = once(child, "close");
  child.kill("SIGTERM");
  await closed;
  return Number(said.replace("ready", ""));
}

function snapshot(folder: string): string {
  const lines = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return `${entry.name}/ ${statSync(place).mode}\n${snapshot(place)}`;
    const { mode, mtimeMs, ino } = statSync(place);
    return `${entry.name} ${mode} ${mtimeMs} ${ino} ${readFileSync(place, "utf8")}`;
  });
  return lines.sort().join("\n");
}
