import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Repositories made with `git fast-import` from numbers only, so that every run measures the same history. */

const WHO = "Ada <ada@example.com>";
/** 2026-01-01, in seconds; each commit is a minute after the previous one. */
const BEGIN = 1_767_225_600;

/** One commit with `files` files, then others that each change ten of them; and some files changed in the work tree. */
export async function writeManyFiles(folder: string, files: number): Promise<void> {
  await importInto(folder, function* () {
    yield header(1, undefined, "Add the files");
    for (let file = 0; file < files; file += 1) yield content(nameOf(file), textOf(file, 0));
    for (let commit = 2; commit <= 60; commit += 1) {
      yield header(commit, commit - 1, `Change ten files, ${commit}`);
      for (let at = 0; at < 10; at += 1) {
        const file = (commit * 97 + at * 31) % files;
        yield content(nameOf(file), textOf(file, commit));
      }
    }
  });
  await git(folder, "reset", "--quiet", "--hard");
  for (let file = 0; file < 20; file += 1) await writeFile(path.join(folder, nameOf(file)), textOf(file, 1000 + file));
}

/** A linear history of `commits` commits that change a few files in turn, and a file of 10,000 lines with many authors. */
export async function writeManyCommits(folder: string, commits: number): Promise<void> {
  await importInto(folder, function* () {
    const lines = Array.from({ length: 10_000 }, (_, line) => `line ${line}\n`);
    for (let commit = 1; commit <= commits; commit += 1) {
      yield header(commit, commit === 1 ? undefined : commit - 1, `Commit ${commit}\n\nWhat it does, and why.\n`);
      const file = commit % 100;
      if (commit % (commits / 100) === 1) {
        lines[(commit * 7919) % lines.length] = `line of ${commit}\n`;
        yield content("long.txt", lines.join(""));
      }
      yield content(`src/file-${file}.txt`, textOf(file, commit));
    }
  });
  await git(folder, "reset", "--quiet", "--hard");
}

/** A small repository with untracked files, a hundred per folder. */
export async function writeUntracked(folder: string, files: number): Promise<void> {
  await writeManyFiles(folder, 100);
  for (let at = 0; at < files; at += 100) {
    const parent = path.join(folder, "node_modules", `package-${at / 100}`);
    await mkdir(parent, { recursive: true });
    await Promise.all(Array.from({ length: 100 }, (_, file) => writeFile(path.join(parent, `${file}.js`), "")));
  }
}

const nameOf = (file: number) => `src/part-${file % 50}/file-${file}.txt`;
const textOf = (file: number, version: number) =>
  Array.from({ length: 20 }, (_, line) => `file ${file}, line ${line}, version ${line % 5 === 0 ? version : 0}\n`).join(
    "",
  );

const header = (mark: number, parent: number | undefined, message: string) =>
  [
    `commit refs/heads/main\nmark :${mark}\ncommitter ${WHO} ${BEGIN + mark * 60} +0000\n`,
    data(message),
    parent === undefined ? "" : `from :${parent}\n`,
  ].join("");

const content = (name: string, text: string) => `M 100644 inline ${name}\n${data(text)}`;
const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

async function importInto(folder: string, commands: () => Generator<string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await git(folder, "init", "--quiet", "--initial-branch=main");
  const child = spawn("git", ["fast-import", "--quiet"], { cwd: folder, stdio: ["pipe", "ignore", "inherit"] });
  for (const command of commands()) if (!child.stdin.write(command)) await once(child.stdin, "drain");
  child.stdin.end();
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

/** Plain git. */
async function git(folder: string, ...args: string[]): Promise<void> {
  const child = spawn("git", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}`);
}
