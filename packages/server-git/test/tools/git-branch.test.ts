import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useServer } from "@org/server-kit/testing";
import { beforeEach, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, newRepository } from "../git.ts";
import { column } from "../values.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [join(path, "code")] });
let git: Git;
beforeEach(() => {
  for (const name of ["code", "elsewhere"]) rmSync(join(folder.path, name), { recursive: true, force: true });
  git = newRepository(join(folder.path, "code/site"));
  git.commit("First");
  git.commit("Second; with | signs\n\nand a body");
});

test("branches with upstream, ahead and behind, and where else they are checked out", async () => {
  git("branch", "feature/x", "HEAD~1");
  git("branch", "-q", "--set-upstream-to=main", "feature/x");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
  git("worktree", "add", "-q", "-b", "linked", "../linked");
  git("worktree", "add", "-q", "-b", "outside", "../../elsewhere");
  const { value } = await ok("git_branch", { repo_path: "site" });
  expect(value).toMatchObject({
    branch: "main",
    total: 4,
    branches: expect.arrayContaining([
      expect.objectContaining({
        name: "main",
        kind: "local",
        current: true,
        subject: "Second; with | signs",
        commit: git("rev-parse", "main"),
      }),
      expect.objectContaining({ name: "feature/x", upstream: "main", ahead: 0, behind: 1 }),
      expect.objectContaining({ name: "linked", work_tree: join(folder.path, "code/linked") }),
      // No path outside the folders is named.
      expect.objectContaining({ name: "outside", work_tree: "elsewhere" }),
    ]),
  });
  expect(column((await ok("git_branch", { repo_path: "site", scope: "remote" })).value.branches, "name")).toEqual([
    "origin/main",
  ]);
});

test("tags, with the commit that an annotated one marks; refs that contain a commit; a deleted upstream", async () => {
  git("tag", "plain", "HEAD~1");
  git("tag", "-a", "-m", "Version one", "v1");
  git("tag", "-a", "-m", "Of a tree", "tree", "HEAD^{tree}");
  const { value } = await ok("git_branch", { scope: "tags" });
  expect(value.branches).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: "v1", kind: "tag", commit: git("rev-parse", "HEAD"), subject: "Version one" }),
      expect.objectContaining({ name: "plain", commit: git("rev-parse", "HEAD~1") }),
    ]),
  );
  git("branch", "old", "HEAD~1");
  expect(column((await ok("git_branch", { scope: "all", contains: "HEAD" })).value.branches, "name").sort()).toEqual([
    "main",
    "v1",
  ]);
  git("branch", "-q", "--set-upstream-to=old", "main");
  git("branch", "-q", "-D", "old");
  expect((await ok("git_branch", {})).value.branches).toEqual([expect.objectContaining({ name: "main", gone: true })]);
  expect(await error("git_branch", { contains: "nope" })).toMatch(/^not_found: no revision "nope"/);
});

test("hundreds of branches come in pages, each branch once", async () => {
  const id = git("rev-parse", "HEAD");
  const lines = Array.from({ length: 450 }, (_, at) => `create refs/heads/branch-${at} ${id}\n`);
  git.run(["update-ref", "--stdin"], { input: lines.join("") });
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const { value } = await ok("git_branch", cursor === undefined ? {} : { cursor });
    names.push(...column(value.branches, "name"));
    cursor = value.next_cursor === undefined ? undefined : String(value.next_cursor);
  } while (cursor !== undefined);
  expect(new Set(names).size).toBe(451);
  expect(names).toHaveLength(451);
});

test("a repository without commits has no branches", async () => {
  newRepository(join(folder.path, "code/empty"));
  expect((await ok("git_branch", { repo_path: "empty" })).value).toMatchObject({
    branch: "main (no commits yet)",
    branches: [],
    total: 0,
  });
});

test("a branch whose name is not UTF-8 is listed with its own commit, and so is HEAD on it", async () => {
  const [first, second] = [git("rev-parse", "HEAD~1"), git("rev-parse", "HEAD")];
  const odd = Buffer.from("refs/heads/caf\xe9", "latin1");
  writeFileSync(Buffer.concat([Buffer.from(`${git.folder}/.git/`), odd]), `${first}\n`);
  // The name after its invalid bytes are replaced.
  git("branch", "caf\ufffd");
  const { value } = await ok("git_branch", { repo_path: "site" });
  expect(value).toMatchObject({ total: 3 });
  expect(value).not.toHaveProperty("next_cursor");
  const branches = expect.arrayContaining([
    expect.objectContaining({ name: "caf⟨byte E9⟩", commit: first }),
    expect.objectContaining({ name: "caf\ufffd", commit: second }),
  ]);
  expect(value).toMatchObject({ branches });
  writeFileSync(join(git.folder, ".git/HEAD"), Buffer.concat([Buffer.from("ref: "), odd, Buffer.from("\n")]));
  const { text } = await ok("git_status", { repo_path: "site" });
  expect(text).toContain(`branch caf⟨byte E9⟩\nCommit ${first}`);
});
