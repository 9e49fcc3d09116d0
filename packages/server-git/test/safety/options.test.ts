import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { call, connect, makeFolder, spawn, useFolder } from "@org/server-kit/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, newRepository } from "../git.ts";

const folder = useFolder();
let git: Git;
beforeEach(() => {
  rmSync(join(folder.path, "site"), { recursive: true, force: true });
  git = newRepository(join(folder.path, "site"));
  git.write("a.txt", "one\n");
  git.commit("First");
});
const ask = async (options: readonly string[], tool: string, args: Record<string, unknown> = {}) => {
  await using connection = await connect(gitServer, { args: [git.folder, ...options] });
  return await call(connection.client, tool, args);
};

describe("--allow-hooks", () => {
  const hook = (name: string, body: string) => {
    const file = join(git.folder, ".git/hooks", name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  };

  test("runs hooks, which may refuse a commit; without it none runs", async () => {
    hook("pre-commit", "echo 'the style is wrong' >&2; exit 1");
    git.write("a.txt", "two\n");
    git("add", "a.txt");
    const refused = await ask(["--allow-hooks"], "git_commit", { message: "x" });
    expect(refused.text).toMatch(
      /^conflict: a hook of the repository refused the commit; nothing was committed[\s\S]*<from-repository-\w+>\nthe style is wrong/,
    );
    expect((await ask(["--allow-hooks"], "git_status")).text).toContain("Hooks and filters of this repository run");
    expect((await ask([], "git_commit", { message: "x" })).isError).toBe(false);
  });

  test("runs filters; fsmonitor and diff programs stay off", async () => {
    git.write(".gitattributes", "*.up filter=up diff=up\n");
    git("config", "filter.up.clean", "tr a-z A-Z");
    git("config", "filter.up.smudge", "tr A-Z a-z");
    const mark = join(git.folder, ".git/mark");
    for (const key of ["core.fsmonitor", "diff.external", "diff.up.textconv", "diff.up.command"])
      git("config", key, `touch ${mark}; false`);
    git.write("x.up", "text\n");
    expect((await ask([], "git_add", { files: ["x.up"] })).text).toMatch(/^unsupported: /);
    expect((await ask(["--allow-hooks"], "git_add", { files: ["x.up"] })).isError).toBe(false);
    git.write("x.up", "other\n");
    for (const tool of ["git_status", "git_diff"]) await ask(["--allow-hooks"], tool);
    expect(existsSync(mark)).toBe(false);
    expect(git("-c", "core.fsmonitor=false", "cat-file", "blob", ":x.up")).toBe("TEXT");
  });

  test("a hook that hangs ends with its call", async () => {
    hook("pre-commit", `sleep 300 & echo $! > '${git.folder}/.git/pid'; wait`);
    git.write("a.txt", "two\n");
    git("add", "a.txt");
    const { text } = await ask(["--allow-hooks", "--timeout", "1500ms"], "git_commit", { message: "x" });
    expect(text).toMatch(/^timeout: .*may have done a part of it: look at git_status/);
    expect(git("rev-list", "--count", "HEAD")).toBe("1");
  });
});

describe.runIf(process.geteuid?.() === 0)("a repository of another user", () => {
  const give = () => {
    for (const name of [".git", "."]) chownSync(join(git.folder, name), 12_345, 12_345);
  };

  test("is refused with the one safe setting, which then takes effect", async () => {
    give();
    const { text } = await ask([], "git_status");
    expect(text).toContain(`git config --global --add safe.directory "${git.folder}"`);
    expect(text).toMatch(/^access_denied: .*belongs to another user/);
    const config = join(folder.path, "user-config");
    writeFileSync(config, `[safe]\n\tdirectory = ${git.folder}\n`);
    const before = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = config;
    try {
      expect((await ask([], "git_status")).isError).toBe(false);
    } finally {
      process.env.GIT_CONFIG_GLOBAL = before;
    }
  });

  test("is read, and never changed, with --allow-other-owner; its own claim to be safe has no effect", async () => {
    git("config", "safe.directory", "*");
    give();
    expect((await ask([], "git_log")).text).toMatch(/^access_denied: /);
    expect((await ask(["--allow-other-owner"], "git_log")).text).toContain("First");
    git.write("a.txt", "two\n");
    expect((await ask(["--allow-other-owner"], "git_add", { files: ["a.txt"] })).text).toMatch(
      /^access_denied: .*belongs to another user/,
    );
  });
});

describe("without a folder", () => {
  test("the server starts and says what to do", async () => {
    await using connection = await connect(gitServer, {});
    const { text } = await call(connection.client, "git_status", {});
    expect(text).toMatch(
      /^unavailable: no folder is configured\. Start the server with the folders of your repositories/,
    );
  });

  test("a folder that does not exist yet is looked for at each call", async () => {
    const place = makeFolder();
    const later = join(place.path, "later");
    await using connection = await connect(gitServer, { args: [later] });
    expect((await call(connection.client, "git_status", {})).text).toMatch(
      /^unavailable: none of the configured folders exists.* Ask the user to correct/,
    );
    newRepository(later);
    expect((await call(connection.client, "git_status", {})).value).toMatchObject({ branch: "main (no commits yet)" });
    place.remove();
  });
});

test("a named pipe in place of a file of .git blocks nothing", async () => {
  for (const [name, tool] of [
    ["HEAD", "git_status"],
    ["config", "git_status"],
    ["commondir", "git_status"],
    ["shallow", "git_log"],
    ["index", "git_diff"],
  ] as const) {
    const at = join(folder.path, "pipes", name);
    rmSync(at, { recursive: true, force: true });
    const pipes = newRepository(at);
    pipes.commit("First");
    rmSync(join(at, ".git", name), { force: true });
    mkdirSync(dirname(join(at, ".git", name)), { recursive: true });
    execFileSync("mkfifo", [join(at, ".git", name)]);
    await using connection = await connect(gitServer, { args: [pipes.folder, "--timeout", "1s"] });
    const answers = await Promise.all(Array.from({ length: 6 }, () => call(connection.client, tool, {})));
    expect(answers.every(({ isError }) => isError)).toBe(true);
    // The server goes on working: no thread is blocked.
    expect(readdirSync(folder.path)).toContain("site");
    expect((await ask([], "git_status")).isError).toBe(false);
  }
});

test("when the host ends, so do git and everything it has started", async () => {
  const slow = join(folder.path, "bin");
  rmSync(slow, { recursive: true, force: true });
  mkdirSync(slow);
  const ids = join(slow, "ids");
  // Only comparing is slow, and starts another program; everything else runs the real git.
  const real = execFileSync("sh", ["-c", "command -v git"]).toString().trim();
  const body = `sleep 300 &\necho "$$ $!" > '${ids}.part'\nmv '${ids}.part' '${ids}'\nwait`;
  writeFileSync(join(slow, "git"), `#!/bin/sh\n[ "$1" = diff ] || exec '${real}' "$@"\n${body}\n`);
  chmodSync(join(slow, "git"), 0o755);
  const env = { PATH: `${slow}:${process.env.PATH}`, GIT_CONFIG_GLOBAL: "/dev/null" };
  const server = await spawn(join(import.meta.dirname, "../../dist/cli.js"), { args: [git.folder], env });
  call(server.client, "git_diff", {}).catch(() => {});
  const until = async (isSo: () => boolean) => {
    const end = performance.now() + 20_000;
    while (!isSo() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isSo()).toBe(true);
  };
  await until(() => existsSync(ids));
  await server.close();
  const runs = (pid: string) =>
    existsSync(`/proc/${pid}/stat`) && !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  await until(() =>
    readFileSync(ids, "utf8")
      .trim()
      .split(" ")
      .every((pid) => !runs(pid)),
  );
});
