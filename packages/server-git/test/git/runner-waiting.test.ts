import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ToolError } from "@org/server-kit";
import { makeFolder, silent } from "@org/server-kit/testing";
import { afterAll, describe, expect, test } from "vitest";
import { environment } from "../../src/git/environment.ts";
import { createRunner } from "../../src/git/runner.ts";
import type { Waiting } from "../../src/git/waiting.ts";
import { newRepository } from "../git.ts";
import { children, programs, until, useWaiting } from "./processes.ts";

const folder = makeFolder();
const open = useWaiting();
afterAll(() => folder.remove());
const git = newRepository(join(folder.path, "site"));
git.write("a.txt", "one\n");
git.commit("First");
const never = new AbortController().signal;

describe.runIf(process.platform === "linux")("a runner with waiting processes", () => {
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
    ["git", () => counted(programs(join(folder.path, "without-git")))],
    ["the work tree", () => counted(environment([]), join(folder.path, "gone"))],
  ])("says that %s has gone", async (_, begin) => {
    const { runner, ready, taken } = begin();
    await ready();
    await expect(runner.git(["log"], { signal: never })).rejects.toMatchObject({ code: "unavailable" });
    expect(taken()).toBe(1);
  });

  test.each(["kill -9 $$", "echo half >&2; kill -SEGV $$"])("says that git was ended: %s", async (script) => {
    const { PATH } = programs(join(folder.path, `ended ${script.length}`), script);
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
    const path = programs(
      join(folder.path, "slow"),
      `sleep 300 &\necho "$$ $!" > '${ids}.part'\nmv '${ids}.part' '${ids}'\nwait`,
    );
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
