import { mkdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { useServer } from "@org/server-kit/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, gitIn, newRepository, ODD_CONFIGURATION } from "../git.ts";
import { column } from "../values.ts";

describe("git_status", () => {
  const { folder, ok } = useServer(gitServer, { args: ({ path }) => [path] });
  let git: Git;
  beforeEach(() => {
    rmSync(join(folder.path, "site"), { recursive: true, force: true });
    git = newRepository(join(folder.path, "site"));
  });
  const status = async (args: Record<string, unknown> = {}) =>
    (await ok("git_status", { repo_path: "site", ...args })).value;

  test("staged, unstaged, untracked and renamed files, with exact names, under any configuration", async () => {
    for (const [key, value] of ODD_CONFIGURATION) git("config", key, value);
    git("config", "status.renames", "false");
    git("config", "status.showUntrackedFiles", "no");
    git.write("old -> name {a}.txt", "one\ntwo\nthree\nfour\n");
    git.write("both.txt", "one\n");
    git.write("tab\there.txt", "x\n");
    git.commit("First");
    git("mv", "old -> name {a}.txt", "new -> {b}.txt");
    git.write("both.txt", "two\n");
    git("add", "both.txt");
    git.write("both.txt", "three\n");
    rmSync(join(git.folder, "tab\there.txt"));
    git.write('ä "quoted".txt', "x");
    git.write(Buffer.from("caf\xe9", "latin1"), "x");
    const { changes, counts, clean } = await status();
    expect(changes).toEqual([
      { path: "both.txt", state: "staged", change: "modified" },
      { path: "new -> {b}.txt", state: "staged", change: "renamed", from: "old -> name {a}.txt" },
      { path: "both.txt", state: "unstaged", change: "modified" },
      { path: '"tab\\there.txt"', state: "unstaged", change: "deleted" },
      { path: '"caf\\351"', state: "untracked", change: "new" },
      { path: 'ä "quoted".txt', state: "untracked", change: "new" },
    ]);
    expect(counts).toEqual({ conflicts: 0, staged: 2, unstaged: 2, untracked: 2 });
    expect(clean).toBe(false);
  });

  test("several renamed files that were edited, whatever limit is configured", async () => {
    git("config", "status.renameLimit", "1");
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}\n`).join("");
    for (const name of ["a", "b"]) git.write(`${name}.txt`, lines + name);
    git.commit("First");
    for (const name of ["a", "b"]) {
      git("mv", `${name}.txt`, `${name}-new.txt`);
      git.write(`${name}-new.txt`, `${lines}${name} again`);
    }
    git("add", "--all");
    expect(column((await status()).changes, "change")).toEqual(["renamed", "renamed"]);
  });

  test("each path in an answer is accepted by git_add", async () => {
    git.write('"', "x");
    git.write("tab\there", "x");
    git.write(Buffer.from("caf\xe9", "latin1"), "x");
    const { changes } = await status();
    const files = column(changes, "path");
    expect((await ok("git_add", { repo_path: "site", files })).value).toMatchObject({ total: 3, in_index: 3 });
  });

  test("an unborn branch, a detached head, an upstream with ahead and behind, a branch named like a path", async () => {
    expect(await status()).toMatchObject({ branch: "main (no commits yet)", clean: true });
    git.commit("One");
    git.commit("Two");
    git("branch", "up/stream", "HEAD~1");
    git("checkout", "-q", "-b", "with/slash", "--track", "up/stream");
    git.commit("Three");
    expect(await status()).toMatchObject({ branch: "with/slash", upstream: "up/stream", ahead: 1, behind: 0 });
    git("pack-refs", "--all");
    expect(await status()).toMatchObject({ branch: "with/slash" });
    git("checkout", "-q", "--detach");
    const { branch, commit } = await status();
    expect(branch).toBe(`detached at ${String(commit).slice(0, 12)}`);
  });

  test("a new folder is one row with its count, without ignored files; all files come in pages, in order and once", async () => {
    git.write(".gitignore", "*.log\n");
    git.commit("First");
    for (let at = 0; at < 1_500; at++) git.write(`modules/p${at % 7}/file with a long name ${at}.js`, "");
    git.write("modules/x.log", "");
    git.write("z.txt", "");
    const { changes, counts } = await status();
    expect(changes).toEqual([
      { path: "modules/", state: "untracked", change: "new", files: 1_500 },
      { path: "z.txt", state: "untracked", change: "new" },
    ]);
    expect(counts).toMatchObject({ untracked: 2 });
    const paths: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await status({ untracked: "all", ...(cursor && { cursor }) });
      paths.push(...column(page.changes, "path"));
      cursor = page.next_cursor === undefined ? undefined : String(page.next_cursor);
      expect(page.counts).toMatchObject({ untracked: 1_501 });
    } while (cursor !== undefined);
    expect(paths).toEqual([...paths].sort());
    expect(new Set(paths).size).toBe(1_501);
    expect((await status({ untracked: "none" })).changes).toEqual([]);
  });

  test("many new files next to a tracked one are one row too", async () => {
    git.write("src/tracked.ts", "x");
    git.commit("First");
    for (let at = 0; at < 120; at++) git.write(`src/made-${at}.js`, "");
    git.write("src/deep/one.js", "");
    expect((await status()).changes).toEqual([
      { path: "src/", state: "untracked", change: "new", files: 120, beside_tracked: true },
      { path: "src/deep/", state: "untracked", change: "new", files: 1 },
    ]);
    expect((await status({ untracked: "all" })).counts).toMatchObject({ untracked: 121 });
  });

  test("files left out by a sparse checkout are not shown as deleted", async () => {
    git.write("kept/a.txt", "a");
    git.write("left/b.txt", "b");
    git.write("left/c.txt", "c");
    git.commit("First");
    git("sparse-checkout", "set", "kept");
    expect(await status()).toMatchObject({
      clean: true,
      notes: ["Sparse checkout: 2 tracked files absent on purpose, which are not deleted."],
    });
  });

  test("a shallow clone says that it is one", async () => {
    git.commit("One");
    git.commit("Two");
    const clone = join(folder.path, "shallow");
    git("clone", "-q", "--depth=1", `file://${git.folder}`, clone);
    expect((await ok("git_status", { repo_path: "shallow" })).value.notes).toEqual([
      expect.stringContaining("Shallow clone"),
    ]);
  });

  test("a submodule with another commit is a change; changes inside it are its own", async () => {
    const lib = newRepository(join(folder.path, "lib"));
    lib.commit("Lib");
    git.run(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lib.folder, "sub"]);
    git.commit("With a submodule");
    const sub = gitIn(join(git.folder, "sub"));
    sub.write("new.txt", "x");
    expect(await status()).toMatchObject({ clean: true });
    expect(await status({ repo_path: "site/sub" })).toMatchObject({ counts: { untracked: 1 } });
    sub.commit("More");
    expect((await status()).changes).toEqual([{ path: "sub", state: "unstaged", change: "modified", submodule: true }]);
    rmSync(lib.folder, { recursive: true });
  });

  test("files with a filter are named, and the filter does not run", async () => {
    git.write(".gitattributes", "*.bin filter=lfs\n");
    git.write("a.bin", "version https://git-lfs.github.com/spec/v1\n");
    git.commit("Pointer");
    git("config", "filter.lfs.clean", "false");
    git.write("a.bin", "the content");
    expect((await status()).notes).toEqual([
      expect.stringMatching(/^1 modified file may be unchanged: the filter "lfs"/),
    ]);
  });

  test("reading leaves the index and its time unchanged, even when it could be refreshed", async () => {
    git.write("a.txt", "one\n");
    git.commit("First");
    const index = join(git.folder, ".git", "index");
    utimesSync(join(git.folder, "a.txt"), 1_000, 1_000);
    utimesSync(index, 2_000, 2_000);
    const before = statSync(index);
    for (const tool of ["git_status", "git_diff", "git_log", "git_branch", "git_list_repositories"]) {
      await ok(tool, tool === "git_list_repositories" ? {} : { repo_path: "site" });
    }
    const after = statSync(index);
    expect([after.mtimeMs, after.ino, after.size]).toEqual([before.mtimeMs, before.ino, before.size]);
  });

  test("a folder that cannot be read does not stop the rest", async () => {
    git.write("a.txt", "x");
    mkdirSync(join(git.folder, "empty"));
    expect((await status()).changes).toEqual([{ path: "a.txt", state: "untracked", change: "new" }]);
  });
});
