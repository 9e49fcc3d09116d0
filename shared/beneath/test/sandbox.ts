import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type BeneathCode, BeneathError, type Protection, type Root, type RootOptions } from "../src/index.ts";
import { openRootWith } from "../src/root.ts";

export const SECRET = "this must never be read";

/** A root, and a neighbour that nobody may reach. */
export interface Sandbox {
  readonly dir: string;
  readonly outside: string;
  readonly inside: (name: string) => string;
}

export function makeSandbox(): Sandbox {
  const top = realpathSync(mkdtempSync(path.join(tmpdir(), "beneath-")));
  const [dir, outside] = [path.join(top, "root"), path.join(top, "outside")];
  mkdirSync(dir);
  mkdirSync(outside);
  writeFileSync(path.join(outside, "secret.txt"), SECRET);
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  return { dir, outside, inside: (name) => path.join(dir, name) };
}

/** A folder on another file system than the sandboxes'; undefined where there is none. */
export function makeElsewhere(): string | undefined {
  const memory = "/dev/shm";
  if (statSync(memory, { throwIfNoEntry: false })?.dev === statSync(tmpdir()).dev) return undefined;
  try {
    const dir = mkdtempSync(path.join(memory, "beneath-"));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    return dir;
  } catch {
    return undefined;
  }
}

export async function opened(dir: string, options: RootOptions = {}, protection?: Protection): Promise<Root> {
  const root = await openRootWith(dir, options, protection);
  onTestFinished(() => root.close());
  return root;
}

/** The code with which an operation is refused, or "done". */
export async function outcome(operation: Promise<unknown>): Promise<BeneathCode | "done"> {
  try {
    await operation;
    return "done";
  } catch (error) {
    if (error instanceof BeneathError) return error.code;
    throw error;
  }
}

/** The code of a refusal and the path that it names. */
export async function refusal(operation: Promise<unknown>): Promise<string> {
  return operation.then(
    () => "done",
    ({ code, path: named }: BeneathError) => `${code} ${named}`,
  );
}

/** Fills a root with one of everything. */
export function fill(inside: (name: string) => string): void {
  mkdirSync(inside("tree/sub"), { recursive: true });
  mkdirSync(inside("empty"));
  writeFileSync(inside("a"), "a".repeat(600_000));
  chmodSync(inside("a"), 0o4750);
  writeFileSync(inside("tree/b"), "b", { mode: 0o600 });
  writeFileSync(inside("tree/sub/c"), "c");
  symlinkSync("../../../nowhere", inside("tree/sub/link"));
  symlinkSync("tree", inside("link"));
  for (const name of ["tree/sub/c", "tree/sub", "tree", "a"]) utimesSync(inside(name), 1e9, 1_000_000_000.25);
}

export async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

export const namesIn = async (entries: AsyncIterable<{ readonly name: string }>) =>
  (await collect(entries)).map(({ name }) => name).sort();

/** Open descriptors of this process. */
export const descriptors = () => readdirSync("/proc/self/fd").length;

/** How many times an attack or an odd path is tried: `HEAVY=1` means 20,000, a greater number that many. */
export function rounds(few: number): number {
  const { HEAVY } = process.env;
  if (!HEAVY) return few;
  return Number(HEAVY) > 1 ? Number(HEAVY) : 20_000;
}
