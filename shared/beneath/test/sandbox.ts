import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type BeneathCode, BeneathError, type Protection, type Root, type RootOptions } from "../src/index.ts";
import { openRootWith } from "../src/root.ts";

export const SECRET = "this must never be read";

/** A root, and something beside it that nobody may reach. */
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

export async function opened(dir: string, options: RootOptions = {}, protection?: Protection): Promise<Root> {
  const root = await openRootWith(dir, options, protection);
  onTestFinished(() => root.close());
  return root;
}

/** What an operation is refused with, or "done". */
export async function outcome(operation: Promise<unknown>): Promise<BeneathCode | "done"> {
  try {
    await operation;
    return "done";
  } catch (error) {
    if (error instanceof BeneathError) return error.code;
    throw error;
  }
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

/** How often an attack or an odd path is tried. */
export const rounds = (few: number) => (process.env.HEAVY ? 20_000 : few);
