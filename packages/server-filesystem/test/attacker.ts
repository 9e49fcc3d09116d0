import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Folder, makeFolder } from "@org/server-kit/testing";

/** The content of every file outside. */
export const SECRET = "SECRET-FROM-OUTSIDE";
/** A name that exists only outside; an answer with it has reached outside. */
export const MARKER = "outside-marker";
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export interface Attacked {
  /** What is served: its `dir`, `deep/dir` and `leaf.txt` are continually swapped with links to the outside. */
  readonly inside: Folder;
  /** Everything outside, with bytes, modes and times. */
  outsideNow(): string;
  /** Ends the attack and returns how many times it swapped. */
  stop(): Promise<number>;
  remove(): void;
}

export async function attack(): Promise<Attacked> {
  const base = makeFolder();
  const inside = makeFolder();
  const outside = base.at("outside");
  for (const [write, prefix, content] of [
    [inside.write, "dir/", "inside"],
    [inside.write, "deep/dir/", "inside"],
    [base.write, "outside/", SECRET],
  ] as const) {
    for (const name of ["file.txt", "victim.txt", "tree/below/keep.txt"]) write(prefix + name, content);
  }
  base.write(`outside/${MARKER}`, SECRET);
  base.write(`outside/tree/${MARKER}`, SECRET);
  inside.write("leaf.txt", "inside");
  mkdirSync(inside.at("work"));
  symlinkSync(outside, inside.at("dir.evil"));
  symlinkSync(outside, inside.at("deep/dir.evil"));
  symlinkSync(path.join(outside, "file.txt"), inside.at("leaf.evil"));
  const pairs = ["dir", "dir.evil", "deep/dir", "deep/dir.evil", "leaf.txt", "leaf.evil"].map(inside.at);
  const { command, forget } = attacker();
  const [program = "", ...args] = command;
  const child = spawn(program, [...args, ...pairs], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  return {
    inside,
    outsideNow: () => snapshot(outside),
    async stop() {
      child.kill("SIGTERM");
      await closed;
      return Number(said.replace("ready", ""));
    },
    remove() {
      child.kill("SIGKILL");
      forget();
      inside.remove();
      base.remove();
    },
  };
}

/** Compiled where there is a compiler; the kernel then swaps in one step, some 200,000 times a second. */
function attacker(): { readonly command: readonly string[]; forget(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), "swap-"));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  const program = path.join(folder, "swap");
  try {
    execFileSync("cc", ["-O2", "-o", program, fixture("swap.c")], { stdio: "ignore" });
    return { command: [program], forget };
  } catch {
    return { command: [process.execPath, fixture("swap.mjs")], forget };
  }
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
