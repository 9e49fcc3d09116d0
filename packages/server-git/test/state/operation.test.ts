import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, connect, useServer } from "@org/server-kit/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, gitIn, newRepository } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [path] });

let main: Git;
/** The work tree under test: the main one, or a linked one, whose `.git` is a file. */
let git: Git;

const attempt = (...args: string[]) => {
  try {
    git(...args);
  } catch {
    // It stops at a conflict, as the test intends.
  }
};
const status = async () => (await ok("git_status", { repo_path: git.folder })).value;
const fails = (tool: string, args: Record<string, unknown> = {}) => error(tool, { repo_path: git.folder, ...args });

describe.each(["the main work tree", "a linked worktree"])("in %s", (kind) => {
  beforeEach(() => {
    for (const name of ["site", "linked"]) rmSync(join(folder.path, name), { recursive: true, force: true });
    main = newRepository(join(folder.path, "site"));
    main.write("a.txt", "base\n");
    main.write("gone.txt", "base\n");
    main.commit("Base");
    main("branch", "theirs");
    main("branch", "ours");
    git = main;
    if (kind === "a linked worktree") {
      main("worktree", "add", "-q", "../linked", "ours");
      git = gitIn(join(folder.path, "linked"));
    } else git("checkout", "-q", "ours");
    git.write("a.txt", "ours\n");
    git("rm", "-q", "gone.txt");
    git.write("both.txt", "ours\n");
    git.commit("Ours");
    git("checkout", "-q", "--detach", "theirs");
    git.write("a.txt", "theirs\n");
    git.write("gone.txt", "theirs\n");
    git.write("both.txt", "theirs\n");
    git.commit("Theirs, first");
    git.write("more.txt", "more\n");
    git.commit("Theirs, second");
    git("branch", "-f", "theirs");
    git("checkout", "-q", "ours");
  });

  test("a merge names its conflicts by kind; each version can be read; a commit waits until they are resolved", async () => {
    attempt("merge", "theirs");
    expect(await status()).toMatchObject({
      branch: "ours",
      operation: {
        kind: "merge",
        commit: git("rev-parse", "theirs"),
        next: expect.stringContaining("git merge --abort"),
      },
      counts: { conflicts: 3 },
      changes: expect.arrayContaining([
        { path: "a.txt", state: "conflict", change: "changed by both", conflict: "UU", versions: [":1", ":2", ":3"] },
        { path: "both.txt", state: "conflict", change: "added by both", conflict: "AA", versions: [":2", ":3"] },
        { path: "gone.txt", state: "conflict", change: "deleted by us", conflict: "DU", versions: [":1", ":3"] },
      ]),
    });
    for (const [revision, version] of [
      [":1", "base"],
      [":2", "ours"],
      [":3", "theirs"],
    ]) {
      const { text } = await ok("git_read_file", { repo_path: git.folder, path: "a.txt", revision });
      expect(text).toContain(`${version}\n`);
    }
    expect(await fails("git_commit", { message: "x" })).toMatch(
      /^conflict: nothing is committed while paths are in conflict: .*UU/,
    );
    expect(await fails("git_checkout", { branch_name: "theirs" })).toMatch(
      /^conflict: a merge of .* is in progress, and switching would lose it/,
    );
    expect(await fails("git_stash", { action: "push" })).toMatch(/would lose it/);
    expect(await fails("git_reset")).toMatch(/^conflict: nothing is unstaged while paths are in conflict/);
    expect(await fails("git_add", { files: ["."] })).toMatch(
      /^conflict: conflict markers .* are still in "a\.txt", "both\.txt"/,
    );
    expect(await status()).toMatchObject({ counts: { conflicts: 3 } });
    git.write("a.txt", "both\n");
    git.write("both.txt", "both\n");
    git.write("gone.txt", "both\n");
    await ok("git_add", { repo_path: git.folder, files: ["a.txt", "both.txt", "gone.txt"] });
    expect(await status()).toMatchObject({
      operation: { next: expect.stringContaining("git_commit concludes the merge") },
    });
    expect(await fails("git_commit", { message: "x", amend: true })).toMatch(
      /^conflict: a merge is in progress, which amending would lose/,
    );
    // Unstaging must not end the merge.
    const { text } = await ok("git_reset", { repo_path: git.folder, files: ["a.txt"] });
    expect(text).toMatch(/A merge of \w+ is in progress\. What was unstaged is no longer part of it/);
    await ok("git_add", { repo_path: git.folder, files: ["a.txt"] });
    const { value } = await ok("git_commit", { repo_path: git.folder, message: "Merged" });
    expect(value).toMatchObject({ parents: 2, subject: "Merged", branch: "ours" });
    expect(await status()).not.toHaveProperty("operation");
  });

  test("a conflict is kept whatever the file is named", async () => {
    const names = ["+plus.txt", "café-❤️.txt", "a: 5: b.txt"];
    git("checkout", "-q", "theirs");
    for (const name of names) git.write(name, "theirs\n");
    git.commit("Theirs, with names");
    git("checkout", "-q", "ours");
    for (const name of names) git.write(name, "ours\n");
    git.commit("Ours, with names");
    attempt("merge", "theirs");
    const shown = ["+plus.txt", '"café-❤\\357\\270\\217.txt"', "a: 5: b.txt"];
    for (const name of shown) {
      const quoted = name.startsWith('"') ? name : `"${name}"`;
      expect(await fails("git_reset", { files: [name] })).toContain(`in conflict: ${quoted} (AA)`);
      expect(await fails("git_add", { files: [name] })).toContain(`are still in ${quoted}, and nothing was staged`);
    }
    expect(await fails("git_add", { files: ["."] })).toContain('"+plus.txt"');
    expect(await status()).toMatchObject({ counts: { conflicts: 6 } });
    // A line of a resolved file that looks like git's own words about another one.
    git.write("+plus.txt", "x:3: leftover conflict marker \n+plus.txt:1: leftover conflict marker\t\n");
    expect((await ok("git_add", { repo_path: git.folder, files: ["+plus.txt"] })).value).toMatchObject({ total: 1 });
  });

  test("in a server that only reads, the next step is the user's", async () => {
    attempt("merge", "theirs");
    await using reader = await connect(gitServer, { args: [folder.path, "--read-only"] });
    const next = async () => (await call(reader.client, "git_status", { repo_path: git.folder })).text;
    expect(await next()).toContain("edit the files, let the user run `git add` and `git merge --continue`.");
    for (const name of ["a.txt", "both.txt", "gone.txt"]) git.write(name, "both\n");
    git("add", ".");
    expect(await next()).toContain("No conflicts are left: `git merge --continue`, run by the user");
    expect(await next()).not.toMatch(/git_(?:add|commit|stash)/);
  });

  test("a merge that changes no file is committed", async () => {
    git("merge", "--no-commit", "-s", "ours", "theirs");
    expect((await ok("git_commit", { repo_path: git.folder, message: "Ours only" })).value).toMatchObject({
      parents: 2,
      files: 0,
    });
  });

  test("a rebase reports its step, the branch it replays, and the commit it goes onto", async () => {
    git("checkout", "-q", "theirs");
    attempt("rebase", "ours");
    const onto = git("rev-parse", "ours");
    expect(await status()).toMatchObject({
      branch: expect.stringMatching(/^detached at /),
      operation: {
        kind: "rebase",
        step: 1,
        total: 2,
        branch: "theirs",
        commit: onto,
        next: expect.stringContaining("git rebase --continue"),
      },
    });
    expect(await fails("git_checkout", { branch_name: "main" })).toMatch(
      /^conflict: a rebase, step 1 of 2, replaying theirs/,
    );
    expect(await fails("git_commit", { message: "x" })).toMatch(/in conflict/);
    git.write("a.txt", "both\n");
    git.write("both.txt", "both\n");
    git.write("gone.txt", "both\n");
    await ok("git_add", { repo_path: git.folder, files: ["."] });
    // Amending here would put the replayed changes into the previous commit.
    expect(await fails("git_commit", { message: "x", amend: true })).toMatch(/which amending would lose/);
    expect(await status()).toMatchObject({
      operation: { next: expect.stringMatching(/^No conflicts are left: `git rebase --continue`/) },
    });
  });

  test("a rebase by patches is recognized too", async () => {
    git("checkout", "-q", "theirs");
    attempt("rebase", "--apply", "ours");
    expect(await status()).toMatchObject({ operation: { kind: "rebase", step: 1, total: 2, branch: "theirs" } });
  });

  test("a cherry-pick of several commits, a revert, and one commit that git_commit concludes", async () => {
    attempt("cherry-pick", "theirs~1", "theirs");
    expect(await status()).toMatchObject({
      operation: { kind: "cherry-pick", step: 1, total: 2, commit: git("rev-parse", "theirs~1") },
    });
    git("cherry-pick", "--abort");
    attempt("revert", "theirs~1");
    expect(await status()).toMatchObject({ operation: { kind: "revert" }, counts: { conflicts: expect.any(Number) } });
    git("revert", "--abort");
    attempt("cherry-pick", "theirs~1");
    for (const name of ["a.txt", "both.txt", "gone.txt"]) git.write(name, "both\n");
    await ok("git_add", { repo_path: git.folder, files: ["a.txt", "both.txt", "gone.txt"] });
    await ok("git_commit", { repo_path: git.folder, message: "Picked" });
    expect(await status()).not.toHaveProperty("operation");
  });

  test("a bisect reports where it returns to, and allows switching", async () => {
    git("bisect", "start", "HEAD", "HEAD~1");
    expect(await status()).toMatchObject({
      operation: { kind: "bisect", branch: "ours", next: expect.stringContaining("git bisect good") },
    });
  });

  test("a bisect with the user's own terms names them", async () => {
    git("bisect", "start", "--term-new=fixed", "--term-old=broken", "HEAD", "HEAD~1");
    expect(await status()).toMatchObject({
      operation: { kind: "bisect", next: expect.stringMatching(/`git bisect broken` or `git bisect fixed`/) },
    });
  });

  test("conflict markers that our side already had belong to the file", async () => {
    const marked = "<<<<<<< example\na\n=======\nb\n>>>>>>> example\n";
    git.write("a.txt", `${marked}ours\n`);
    git.commit("Markers as text");
    attempt("merge", "theirs");
    git.write("a.txt", `${marked}both\n`);
    for (const name of ["both.txt", "gone.txt"]) git.write(name, "both\n");
    expect((await ok("git_add", { repo_path: git.folder, files: ["."] })).value).toMatchObject({ total: 3 });
  });

  test("patches that do not apply", async () => {
    const patch = git.run(["format-patch", "--stdout", "-1", "theirs~1"]);
    const file = join(folder.path, "p.patch");
    writeFileSync(file, patch);
    attempt("am", file);
    expect(await status()).toMatchObject({
      operation: {
        kind: "applying patches",
        step: 1,
        total: 1,
        next: expect.stringMatching(/^Once what the patch changes is staged/),
      },
    });
    git("am", "--abort");
  });
});
