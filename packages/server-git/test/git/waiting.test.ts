import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { makeFolder } from "@org/server-kit/testing";
import { afterAll, describe, expect, test } from "vitest";
import { environment } from "../../src/git/environment.ts";
import type { Waiting } from "../../src/git/waiting.ts";
import { newRepository } from "../git.ts";
import { children, programs, until, useWaiting, withXargs } from "./processes.ts";

const folder = makeFolder();
const open = useWaiting();
afterAll(() => folder.remove());
const git = newRepository(join(folder.path, "site"));
git.write("a.txt", "one\n");
const id = git.commit("First");

/** The output of this command when a waiting process runs it. */
async function said(waiting: Waiting, args: readonly string[], env: Record<string, string>) {
  waiting.start(env);
  await until(() => children().length > 0);
  const child = waiting.take(args, git.folder, env);
  if (!child) throw new Error("none waited");
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { text, code };
}

describe.runIf(process.platform === "linux")("a process that waits", () => {
  test("runs git with its arguments unchanged, in the folder and environment of the command", async () => {
    const waiting = open();
    const env = { ...environment([["alias.x", "y"]]), GIT_DIR: join(git.folder, ".git") };
    const words = ["a  b", "", "'\"$HOME`id`\\", "two\nlines", "é😀", "--", "-0", "{}", "\u00a0"];
    const args = ["rev-parse", "--sq-quote", ...words];
    expect(await said(waiting, args, env)).toEqual({ text: execFileSync("git", args).toString(), code: 0 });
    const where = await said(waiting, ["rev-parse", "--show-toplevel", "HEAD"], env);
    expect(where.text).toBe(`${git.folder}\n${id}\n`);
    expect((await said(waiting, ["config", "alias.x"], env)).text).toBe("y\n");
    expect((await said(waiting, ["rev-parse", "--sq-quote", "x", ""], env)).text).toBe(" 'x' ''\n");
    expect((await said(waiting, ["rev-parse", "--verify", "nope"], env)).code).not.toBe(0);
  });

  test("only takes commands for its own environment that fit in one write to a pipe", async () => {
    const waiting = open();
    const env = environment([]);
    waiting.start(env);
    await until(() => children().length > 0);
    expect(waiting.take(["status"], git.folder, { ...env, GIT_DIR: "/x" })).toBeUndefined();
    expect(waiting.take(["log", "x".repeat(4_000)], git.folder, env)).toBeUndefined();
    expect(waiting.take(["log", "--grep=a\0--output=b"], git.folder, env)).toBeUndefined();
    expect(waiting.take(["version"], git.folder, env)).toBeDefined();
    expect(waiting.take(["version"], git.folder, env)).toBeUndefined();
  });

  test("ends with the server, or when there are too many, without running anything", async () => {
    const mark = join(folder.path, "mark");
    const env = programs(join(folder.path, "marked"), `: > '${mark}'`);
    const waiting = open();
    for (let at = 0; at < 6; at += 1) {
      waiting.start({ ...env, AT: `${at}` });
      const most = Math.min(at + 1, 4);
      await until(() => children().length === most);
      await delay(20);
    }
    expect(waiting.take(["version"], git.folder, { ...env, AT: "0" })).toBeUndefined();
    waiting.close();
    waiting.start(env);
    await until(() => children().length === 0);
    await delay(20);
    expect([children(), existsSync(mark)]).toEqual([[], false]);
  });

  test.each([
    ["there is no xargs", () => ({ PATH: join(folder.path, "empty") })],
    ["xargs does not know an option", () => withXargs(join(folder.path, "old"), "exit 1")],
    ["xargs hangs", () => withXargs(join(folder.path, "hanging"), "exec sleep 300")],
    // A command might not fit next to it, and xargs would split it into two.
    ["the environment is large", () => ({ ...environment([]), LARGE: "x".repeat(70_000) })],
  ])("takes no command where %s", async (_, make) => {
    const waiting = open();
    const env = make();
    for (let at = 0; at < 3; at += 1) {
      waiting.start(env);
      await delay(50);
      expect(waiting.take(["version"], git.folder, env)).toBeUndefined();
    }
  });

  test("is replaced after it has been killed", async () => {
    const waiting = open();
    const env = environment([]);
    waiting.start(env);
    await until(() => children().length > 0);
    const [killed] = children();
    process.kill(Number(killed), "SIGKILL");
    // Another one is started once Node.js has reported the end of this one, and not before.
    for (let [found] = children(); found === undefined || found === killed; [found] = children()) {
      waiting.start(env);
      await delay(20);
    }
    expect((await said(waiting, ["version"], env)).code).toBe(0);
  });
});
