import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ToolError } from "@org/server-kit";
import { makeFolder, silent } from "@org/server-kit/testing";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { environment } from "../../src/git/environment.ts";
import { createRunner } from "../../src/git/runner.ts";
import { createWaiting, type Waiting } from "../../src/git/waiting.ts";
import { newRepository } from "../git.ts";

const folder = makeFolder();
const opened: Waiting[] = [];
afterEach(async () => {
  for (const waiting of opened.splice(0)) waiting.close();
  if (process.platform === "linux") await until(() => children().length === 0);
});
afterAll(() => folder.remove());
const git = newRepository(join(folder.path, "site"));
git.write("a.txt", "one\n");
const id = git.commit("First");
const never = new AbortController().signal;
const xargs = process.platform === "win32" ? "" : execFileSync("/bin/sh", ["-c", "command -v xargs"]).toString().trim();

function open(): Waiting {
  const waiting = createWaiting();
  opened.push(waiting);
  return waiting;
}

/** A folder of programs with xargs, and this script as git or no git. */
function programs(name: string, script?: string): { readonly PATH: string } {
  const bin = join(folder.path, name);
  mkdirSync(bin);
  symlinkSync(xargs, join(bin, "xargs"));
  if (script !== undefined) {
    writeFileSync(join(bin, "git"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, "git"), 0o755);
  }
  return { PATH: bin };
}

/** The waiting processes that this one has started, or what they run. */
const children = () =>
  readdirSync("/proc").filter((pid) => {
    try {
      const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
      return state !== "Z" && Number(parent) === process.pid && /^(xargs|git)\0/.test(cmdline(pid));
    } catch {
      return false;
    }
  });
const cmdline = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, "utf8");

/** Waits for what other processes do. */
async function until(isSo: () => boolean) {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error("it did not happen");
    await delay(5);
  }
}

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
    expect((await said(waiting, ["rev-parse", "--verify", "nope"], env)).code).not.toBe(0);
  });

  test("only takes commands for its own environment that fit in one write to a pipe", async () => {
    const waiting = open();
    const env = environment([]);
    waiting.start(env);
    await until(() => children().length > 0);
    expect(waiting.take(["status"], git.folder, { ...env, GIT_DIR: "/x" })).toBeUndefined();
    expect(waiting.take(["log", "x".repeat(4_000)], git.folder, env)).toBeUndefined();
    expect(waiting.take(["version"], git.folder, env)).toBeDefined();
    expect(waiting.take(["version"], git.folder, env)).toBeUndefined();
  });

  test("ends with the server, or when there are too many, without running anything", async () => {
    const mark = join(folder.path, "mark");
    const env = programs("marked", `: > '${mark}'`);
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

  test("is not needed where there is no xargs", async () => {
    const waiting = open();
    const env = { PATH: join(folder.path, "empty") };
    waiting.start(env);
    await delay(50);
    expect(waiting.take(["version"], git.folder, env)).toBeUndefined();
  });
});

describe.runIf(process.platform === "linux")("a runner", () => {
  const runnerWith = (waiting?: Waiting, env: Record<string, string> = environment([]), cwd = git.folder) => ({
    runner: createRunner({
      ...{ cwd, env, folders: [folder.path], log: silent, mayStartPrograms: false, isPartial: false },
      ...(waiting && { waiting }),
    }),
  });

  /** A runner, and how many of its commands were run by a waiting process. */
  function counted(env: Record<string, string> = environment([]), cwd = git.folder) {
    const waiting = open();
    let taken = 0;
    const take: Waiting["take"] = (...command) => {
      const child = waiting.take(...command);
      if (child) taken += 1;
      return child;
    };
    const ready = async () => {
      waiting.start(env);
      await until(() => children().length > 0);
    };
    return { ...runnerWith({ ...waiting, take }, env, cwd), ready, taken: () => taken };
  }

  test("answers and fails alike with and without a waiting process", async () => {
    const { runner, ready, taken } = counted();
    const { runner: without } = runnerWith();
    const commands = [
      ["log", "--format=%s"],
      ["cat-file", "blob", "HEAD:a.txt"],
      ["log", "--frobnicate"],
      ["show", "nope"],
    ];
    const outcomeOf = (answer: Promise<Buffer>) =>
      answer.then(String, ({ code, message }: ToolError) => ({ code, message }));
    for (const args of commands) {
      await ready();
      const outcome = await outcomeOf(runner.git(args, { signal: never }));
      expect(outcome).toEqual(await outcomeOf(without.git(args, { signal: never })));
    }
    expect(taken()).toBe(commands.length);
  });

  test("starts a new waiting process after each command", async () => {
    const { runner, taken } = counted();
    await runner.git(["log"], { signal: never });
    await until(() => children().length > 0);
    expect(String(await runner.git(["log", "--format=%s"], { signal: never }))).toBe("First\n");
    expect(taken()).toBe(1);
  });

  test("returns the exit code of a command whose codes are answers", async () => {
    const { runner, ready, taken } = counted();
    await ready();
    const args = ["symbolic-ref", "--quiet", "refs/heads/main"];
    expect((await runner.answer(args, { signal: never, codes: [0, 1] })).code).toBe(1);
    expect(taken()).toBe(0);
  });

  test.each([
    ["git", () => counted(programs("without-git"))],
    ["the work tree", () => counted(environment([]), join(folder.path, "gone"))],
  ])("says that %s has gone", async (_, begin) => {
    const { runner, ready, taken } = begin();
    await ready();
    await expect(runner.git(["log"], { signal: never })).rejects.toMatchObject({ code: "unavailable" });
    expect(taken()).toBe(1);
  });

  test.each(["kill -9 $$", "echo half >&2; kill -SEGV $$"])("says that git was ended: %s", async (script) => {
    const { PATH } = programs(`ended ${script.length}`, script);
    const { runner, ready, taken } = counted({ PATH: `${PATH}:${process.env.PATH}` });
    for (const before of [0, 1]) {
      if (before > 0) await ready();
      await expect(runner.git(["log"], { signal: never })).rejects.toMatchObject({
        code: "unavailable",
        message: expect.stringMatching(/^git was ended by signal/),
      });
    }
    expect(taken()).toBe(1);
  });

  test("ends everything it started at the deadline", async () => {
    const ids = join(folder.path, "ids");
    const path = programs("slow", `sleep 300 &\necho "$$ $!" > '${ids}.part'\nmv '${ids}.part' '${ids}'\nwait`);
    const { runner, ready, taken } = counted({ PATH: `${path.PATH}:${process.env.PATH}` });
    await ready();
    const controller = new AbortController();
    const answer = runner.git(["log"], { signal: controller.signal });
    answer.catch(() => {});
    await until(() => existsSync(ids));
    controller.abort(new Error("the deadline"));
    await expect(answer).rejects.toThrow("the deadline");
    const isRunning = (pid: string) =>
      existsSync(`/proc/${pid}`) && !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    const pids = readFileSync(ids, "utf8").trim().split(" ");
    await until(() => !pids.some(isRunning));
    expect(taken()).toBe(1);
  });
});
