import { execFile } from "node:child_process";
import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { call, connect, isHeavy, makeFolder, spawn } from "@org/server-kit/testing";
import { afterAll, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { newRepository } from "../git.ts";

const folder = makeFolder();
afterAll(() => folder.remove());
const run = promisify(execFile);

const BIN = join(import.meta.dirname, "../../dist/cli.js");
const ROUNDS = isHeavy ? 40 : 6;

test("two servers and a person can work in one repository at once without losing anything", async () => {
  const git = newRepository(join(folder.path, "shared"));
  git.commit("First");
  const { PATH = "", GIT_CONFIG_GLOBAL = "" } = process.env;
  const name = {
    GIT_AUTHOR_NAME: "A",
    GIT_AUTHOR_EMAIL: "a@example.com",
    GIT_COMMITTER_NAME: "A",
    GIT_COMMITTER_EMAIL: "a@example.com",
  };
  const env = { PATH, GIT_CONFIG_GLOBAL, ...name };
  await using one = await spawn(BIN, { args: [git.folder], env });
  await using two = await spawn(BIN, { args: [git.folder], env });
  /** Retries as long as the answer says so. */
  const insist = async (work: () => Promise<boolean>) => {
    for (let attempt = 0; attempt < 200; attempt++) if (await work()) return;
    throw new Error("it was never the turn of this one");
  };
  const serverWrites = async (server: typeof one, who: string) => {
    for (let at = 0; at < ROUNDS; at++) {
      const file = `${who}-${at}.txt`;
      git.write(file, `${who} ${at}\n`);
      await insist(async () => {
        const { isError, text } = await call(server.client, "git_add", { files: [file] });
        if (isError) expect(text).toMatch(/^(?:unavailable|conflict): /);
        return !isError;
      });
      // Another may have committed what is staged here, since all share one index.
      await insist(async () => {
        const { isError, text } = await call(server.client, "git_commit", { message: `${who} ${at}` });
        if (isError) expect(text).toMatch(/^(?:unavailable|conflict): /);
        return !isError || text.includes("nothing is staged");
      });
      await call(server.client, "git_status", {});
    }
  };
  const personWrites = async () => {
    for (let at = 0; at < ROUNDS; at++) {
      const file = `person-${at}.txt`;
      git.write(file, `person ${at}\n`);
      for (const args of [
        ["add", "--", file],
        ["commit", "-q", "-m", `person ${at}`],
      ]) {
        await insist(() =>
          run("git", args, { cwd: git.folder, env }).then(
            () => true,
            ({ stdout, stderr }) => /nothing (?:added )?to commit/.test(`${stdout}${stderr}`),
          ),
        );
      }
    }
  };
  await Promise.all([serverWrites(one, "one"), serverWrites(two, "two"), personWrites()]);
  const all = ["one", "two", "person"].flatMap((who) => Array.from({ length: ROUNDS }, (_, at) => `${who}-${at}.txt`));
  // Everything is committed, each file with its content, and the repository is intact.
  expect(git("ls-tree", "-r", "--name-only", "HEAD").split("\n").sort()).toEqual(all.sort());
  expect(git("status", "--porcelain")).toBe("");
  for (const file of all) expect(git("show", `HEAD:${file}`)).toBe(file.replace("-", " ").replace(".txt", ""));
  expect(git("fsck", "--strict", "--no-dangling")).toBe("");
  expect(existsSync(join(git.folder, ".git/index.lock"))).toBe(false);
});

test("concurrent writing calls of one server wait for each other", async () => {
  const git = newRepository(join(folder.path, "queue"));
  git.commit("First");
  await using connection = await connect(gitServer, { args: [git.folder] });
  const names = Array.from({ length: 20 }, (_, at) => `f${at}.txt`);
  for (const name of names) git.write(name, name);
  const answers = await Promise.all(names.map((name) => call(connection.client, "git_add", { files: [name] })));
  expect(answers.filter(({ isError }) => isError).map(({ text }) => text)).toEqual([]);
  expect(git("diff", "--cached", "--name-only").split("\n")).toHaveLength(20);
});

test("another program's lock is reported with its age, can be retried, and is left in place", async () => {
  const git = newRepository(join(folder.path, "locked"));
  git.write("a.txt", "a\n");
  git.commit("First");
  git.write("a.txt", "b\n");
  const lock = join(git.folder, ".git/index.lock");
  closeSync(openSync(lock, "wx"));
  await using connection = await connect(gitServer, { args: [git.folder] });
  const answer = await call(connection.client, "git_add", { files: ["a.txt"] });
  expect(answer.text).toMatch(
    /^unavailable: another program holds the lock "\.git\/index\.lock", \d s old; nothing was changed/,
  );
  expect(existsSync(lock)).toBe(true);
  // Reading still works.
  expect((await call(connection.client, "git_status", {})).isError).toBe(false);
  expect((await call(connection.client, "git_diff", {})).isError).toBe(false);
  rmSync(lock);
  expect((await call(connection.client, "git_add", { files: ["a.txt"] })).isError).toBe(false);
});
