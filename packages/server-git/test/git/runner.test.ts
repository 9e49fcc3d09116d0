import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, silent } from "@org/server-kit/testing";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { environment } from "../../src/git/environment.ts";
import { splitRecords } from "../../src/git/records.ts";
import { createRunner } from "../../src/git/runner.ts";
import type { Setting } from "../../src/git/settings.ts";
import { newRepository } from "../git.ts";

const folder = makeFolder();
afterAll(() => folder.remove());
const git = newRepository(join(folder.path, "site"));
for (let at = 0; at < 50; at++) git.write(`file ${at}.txt`, `${at}\n`.repeat(20_000));
git.commit("First");

const runnerWith = (env: Record<string, string> = {}) =>
  createRunner({
    cwd: git.folder,
    env: { ...environment([]), ...env },
    folders: [folder.path],
    log: silent,
    mayStartPrograms: false,
    isPartial: false,
  });
const never = new AbortController().signal;

/** Whether a process with this id is running; a zombie is not. */
const runs = (pid: number) => {
  try {
    return !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};
/** Waits for something that another process does without notifying this one. */
const until = async (isSo: () => boolean) => {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error("it did not happen");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** A program named git on PATH that starts another one, which runs for minutes; both write their ids to a file. */
function slowGit(name: string, body: string) {
  const bin = join(folder.path, name);
  mkdirSync(bin);
  const ids = join(bin, "ids");
  writeFileSync(
    join(bin, "git"),
    `#!/bin/sh\nsleep 300 &\necho "$$ $!" > '${ids}.part'\nmv '${ids}.part' '${ids}'\n${body}\n`,
  );
  chmodSync(join(bin, "git"), 0o755);
  const pids = () => readFileSync(ids, "utf8").trim().split(" ").map(Number);
  return { env: { PATH: `${bin}:${process.env.PATH}` }, started: () => existsSync(ids), pids };
}

test("every way to start git reports a work tree that is gone", async () => {
  const gone = {
    cwd: join(folder.path, "gone"),
    env: environment([]),
    folders: [],
    log: silent,
    mayStartPrograms: false,
    isPartial: false,
  };
  for (const args of [["rev-parse", "HEAD"], ["status"]]) {
    await expect(createRunner(gone).git(args, { signal: never })).rejects.toMatchObject({ code: "unavailable" });
  }
});

describe.runIf(process.platform === "linux")("ends git with all that it has started", () => {
  test("at the deadline, with the deadline's own error", async () => {
    const slow = slowGit("slow", "wait");
    const controller = new AbortController();
    const answer = runnerWith(slow.env).git(["status"], { signal: controller.signal });
    answer.catch(() => {});
    await until(slow.started);
    const reason = new Error("the deadline");
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await until(() => slow.pids().every((pid) => !runs(pid)));
  });

  test("even when it ignores SIGTERM", async () => {
    const deaf = slowGit("deaf", "trap '' TERM\nwait\nsleep 300");
    const controller = new AbortController();
    const answer = runnerWith(deaf.env).git(["status"], { signal: controller.signal });
    answer.catch(() => {});
    await until(deaf.started);
    controller.abort(new Error("the deadline"));
    await expect(answer).rejects.toThrow("the deadline");
    await until(() => deaf.pids().every((pid) => !runs(pid)));
  });

  test("when the reader stops early", async () => {
    const endless = slowGit("endless", "yes");
    const pieces = runnerWith(endless.env).records(["log"], { signal: never, end: "\n" });
    for await (const record of pieces) {
      expect(record.toString()).toBe("y");
      break;
    }
    await until(() => endless.pids().every((pid) => !runs(pid)));
  });

  test("when there is too much output", async () => {
    const endless = slowGit("large", "yes");
    const answer = runnerWith(endless.env).git(["log"], { signal: never, maxBytes: 1 << 20 });
    await expect(answer).rejects.toThrow(/^git answered with more than 1 MiB/);
    await until(() => endless.pids().every((pid) => !runs(pid)));
  });
});

test("an aborted signal starts nothing", async () => {
  const slow = slowGit("not-started", "wait");
  const reason = new Error("cancelled");
  await expect(runnerWith(slow.env).git(["status"], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(slow.started()).toBe(false);
});

test("returns all bytes unchanged, as a whole and by record", async () => {
  const runner = runnerWith();
  const whole = await runner.git(["cat-file", "blob", "HEAD:file 7.txt"], { signal: never });
  expect(whole.equals(readFileSync(join(git.folder, "file 7.txt")))).toBe(true);
  const names: string[] = [];
  for await (const record of runner.records(["ls-files", "-z"], { signal: never })) names.push(record.toString());
  expect(names).toHaveLength(50);
});

test("an unexpected code is an error that says what to do, without paths outside", async () => {
  const runner = runnerWith();
  await expect(runner.git(["rev-parse", "--verify", "nope"], { signal: never })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/^git rev-parse failed: ".*Needed a single revision/),
  });
  await expect(runner.git(["show", "--", "/etc/passwd"], { signal: never })).rejects.toThrow(/\[a path outside\]/);
  expect((await runner.answer(["rev-parse", "--verify", "nope"], { signal: never, codes: [128] })).code).toBe(128);
});

test("questions and other commands fail alike", async () => {
  const runner = runnerWith();
  const reason = new Error("cancelled");
  for (const command of ["rev-list", "log"]) {
    await expect(runner.git([command, "--frobnicate"], { signal: never })).rejects.toMatchObject({
      code: "unsupported",
    });
    await expect(runner.git([command, "HEAD"], { signal: never, maxBytes: 4 })).rejects.toMatchObject({
      code: "too_large",
    });
    const long = `--author=${"x".repeat(3 << 20)}`;
    await expect(runner.git([command, long], { signal: never })).rejects.toMatchObject({ code: "too_large" });
    await expect(runner.git([command, "HEAD"], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(runnerWith({ PATH: "/nonexistent" }).git([command], { signal: never })).rejects.toMatchObject({
      code: "unavailable",
    });
  }
});

test("without git, it says so", async () => {
  const runner = runnerWith({ PATH: "/nonexistent" });
  await expect(runner.git(["status"], { signal: never })).rejects.toMatchObject({ code: "unavailable" });
  await expect(runner.records(["status"], { signal: never }).next()).rejects.toMatchObject({ code: "unavailable" });
});

describe("the environment", () => {
  test("takes only the user's own files from the host, and programs only from absolute folders outside projects", () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      GIT_DIR: "/x",
      GIT_EXTERNAL_DIFF: "evil",
      GIT_CONFIG_PARAMETERS: "'core.fsmonitor=evil'",
      GIT_SSH_COMMAND: "evil",
      LD_PRELOAD: "evil",
      PATH: ".:bin:/home/me/project/node_modules/.bin::/usr/local/bin:/usr/bin",
    });
    try {
      const env = environment([["filter.a=b.clean", ""]]);
      expect(Object.values(env)).not.toContain("evil");
      expect(env).not.toHaveProperty("GIT_DIR");
      expect(env).toMatchObject({
        PATH: "/usr/local/bin:/usr/bin",
        GIT_CONFIG_PARAMETERS: "'filter.a=b.clean'=''",
      });
    } finally {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  test("passes any setting to git, a few in one variable and many in several", () => {
    const odd: Setting[] = [
      ["filter.a=b.clean", ""],
      ["filter.it's 'so'.clean", "a 'b' !c \\ $(d)\n`e`"],
      ["filter.!é😀.process", "x=y"],
    ];
    const many = Array.from({ length: 5_000 }, (_, at): Setting => [`filter.name-${at}.clean`, "x".repeat(20)]);
    for (const settings of [odd, [...odd, ...many]]) {
      const args = ["config", "--list", "-z", "--show-scope"];
      const listed = execFileSync("git", args, { cwd: git.folder, env: environment(settings) })
        .toString()
        .split("\0");
      const found = listed.flatMap((scope, at) => (scope === "command" ? [listed[at + 1]] : []));
      expect(found).toEqual(settings.map(([key, value]) => `${key}\n${value}`));
    }
  });

  test("lets git read the repository with the user's name and address", () => {
    const env = environment([]);
    expect(execFileSync("git", ["var", "GIT_AUTHOR_IDENT"], { cwd: git.folder, env }).toString()).toMatch(
      /^Ada Lovelace <ada@example\.com>/,
    );
  });
});

test("records are the same however the output is cut into pieces", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 })), fc.array(fc.nat(30)), async (arrays, cuts) => {
      const records = arrays.map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)));
      const whole = Buffer.concat(records.flatMap((record) => [record, Buffer.from([0])]));
      async function* pieces() {
        let at = 0;
        for (const cut of cuts) {
          yield whole.subarray(at, at + cut);
          at += cut;
        }
        yield whole.subarray(at);
      }
      const found: Buffer[] = [];
      for await (const batch of splitRecords(pieces())) found.push(...batch);
      expect(found).toEqual(records);
    }),
  );
});

test("relative paths never lead into a work tree", () => {
  const places = {
    HOME: ".",
    XDG_CONFIG_HOME: "config",
    GIT_CONFIG_GLOBAL: "a.config",
    GNUPGHOME: "keys",
    SSL_CERT_FILE: "ca",
  };
  const before = { ...process.env };
  try {
    Object.assign(process.env, places, { TMPDIR: "/tmp" });
    const env = environment([], true);
    expect(Object.keys(places).filter((name) => name in env)).toEqual([]);
    expect(env).toMatchObject({ TMPDIR: "/tmp" });
  } finally {
    for (const name of Object.keys(places)) delete process.env[name];
    Object.assign(process.env, before);
  }
});
