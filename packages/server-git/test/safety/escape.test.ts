import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { useServer } from "@org/server-kit/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, newRepository } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [join(path, "code")] });

let outside: Git;
let inside: Git;
beforeEach(() => {
  for (const name of ["code", "outside"]) rmSync(join(folder.path, name), { recursive: true, force: true });
  outside = newRepository(join(folder.path, "outside"));
  outside.write("secret.txt", "a secret\n");
  outside.commit("A secret commit");
  inside = newRepository(join(folder.path, "code", "site"));
  inside.write("a.txt", "one\n");
  inside.commit("First");
});

/** Each way of reading refuses it, and reveals nothing of what is there. */
async function expectRefused(repo_path: string, words: RegExp) {
  for (const [tool, args] of [
    ["git_log", {}],
    ["git_status", {}],
    ["git_diff", {}],
    ["git_add", { files: ["."] }],
  ] as const) {
    const text = await error(tool, { repo_path, ...args });
    expect(text).toMatch(words);
    expect(text).not.toMatch(/secret/);
  }
}

describe("a repository that leads out of the configured folder is refused:", () => {
  const fake = () => {
    const at = join(folder.path, "code", "fake");
    mkdirSync(at);
    return at;
  };

  test("a .git file", async () => {
    writeFileSync(join(fake(), ".git"), `gitdir: ${outside.folder}/.git\n`);
    await expectRefused("fake", /^access_denied: .*its \.git file leads to something outside/);
  });

  test("a .git file with a relative path, and one that goes through another", async () => {
    writeFileSync(join(fake(), ".git"), "gitdir: ../../outside/.git\n");
    await expectRefused("fake", /^access_denied: /);
  });

  test("a symlink as .git", async () => {
    symlinkSync(join(outside.folder, ".git"), join(fake(), ".git"));
    await expectRefused("fake", /^access_denied: .*its \.git leads/);
  });

  test("a folder that is a symlink", async () => {
    symlinkSync(outside.folder, join(folder.path, "code", "link"));
    await expectRefused("link", /^access_denied: /);
  });

  test("core.worktree", async () => {
    inside("config", "core.worktree", outside.folder);
    await expectRefused("site", /^access_denied: .*core\.worktree/);
  });

  test("core.worktree in an included file", async () => {
    inside.write("more", `[core]\n\tworktree = ${outside.folder}\n`);
    inside("config", "include.path", join(inside.folder, "more"));
    await expectRefused("site", /^access_denied: .*core\.worktree/);
  });

  test("extensions.refStorage", async () => {
    inside("config", "extensions.refStorage", `files://${outside.folder}/.git`);
    await expectRefused("site", /^access_denied: .*refStorage/);
  });

  test("commondir", async () => {
    const at = fake();
    mkdirSync(join(at, ".git"));
    writeFileSync(join(at, ".git", "HEAD"), "ref: refs/heads/main\n");
    writeFileSync(join(at, ".git", "commondir"), `${outside.folder}/.git\n`);
    await expectRefused("fake", /^access_denied: .*commondir/);
  });

  test("alternates, including those of alternates", async () => {
    const between = newRepository(join(folder.path, "code", "between"));
    between.write(".git/objects/info/alternates", `${outside.folder}/.git/objects\n`);
    inside.write(".git/objects/info/alternates", `${between.folder}/.git/objects\n`);
    await expectRefused("site", /^access_denied: .*alternates/);
  });

  test.each(["objects", "refs", "logs", "refs/heads", "info"])("a symlink as .git/%s", async (name) => {
    mkdirSync(join(inside.folder, ".git", name), { recursive: true });
    renameSync(join(inside.folder, ".git", name), join(folder.path, "outside", "moved"));
    symlinkSync(join(folder.path, "outside", "moved"), join(inside.folder, ".git", name));
    await expectRefused("site", /^access_denied: .*\.git\//);
  });

  test.each(["index", "COMMIT_EDITMSG", "logs/HEAD", "logs/refs/heads/main", "config", "packed-refs", "info/exclude"])(
    "a symlink as .git/%s, through which git would write",
    async (name) => {
      const [link, target] = [join(inside.folder, ".git", name), join(outside.folder, "victim")];
      writeFileSync(target, existsSync(link) ? readFileSync(link) : "");
      rmSync(link, { force: true });
      symlinkSync(target, link);
      const before = readFileSync(target);
      await expectRefused("site", /^access_denied: .*\.git\//);
      await error("git_commit", { repo_path: "site", message: "x" });
      expect(readFileSync(target)).toEqual(before);
    },
  );

  test.each(["rebase-merge/head-name", "rebase-merge/onto", "rebase-apply/head-name", "sequencer/todo"])(
    "a symlink as .git/%s, which is shown as the operation under way",
    async (name) => {
      mkdirSync(dirname(join(inside.folder, ".git", name)));
      symlinkSync(join(outside.folder, "secret.txt"), join(inside.folder, ".git", name));
      await expectRefused("site", /^access_denied: .*\.git\//);
    },
  );

  test("a symlink as the log of a branch with a folder in its name", async () => {
    mkdirSync(join(inside.folder, ".git", "logs", "refs", "heads", "deep", "er"), { recursive: true });
    const victim = join(outside.folder, "victim");
    writeFileSync(victim, "");
    symlinkSync(victim, join(inside.folder, ".git", "logs", "refs", "heads", "deep", "er", "x"));
    expect(await error("git_create_branch", { repo_path: "site", branch_name: "deep/er/x" })).toMatch(
      /^access_denied: /,
    );
    expect(readFileSync(victim, "utf8")).toBe("");
  });

  /** A log that leads outside, for a ref that git writes and that lies deeper than the folders always checked. */
  function plantLog(ref: Buffer): string {
    const victim = join(outside.folder, "victim");
    writeFileSync(victim, "");
    const log = Buffer.concat([Buffer.from(`${inside.folder}/.git/logs/`), ref]);
    mkdirSync(log.subarray(0, log.lastIndexOf("/")), { recursive: true });
    symlinkSync(victim, log);
    return victim;
  }

  test.each([
    ["a name that is not UTF-8", Buffer.from("refs/heads/\xe9dir/x", "latin1")],
    ["a name that ends in a space of other scripts", Buffer.from("refs/heads/sub/x\u3000")],
    ["a ref that is not a branch", Buffer.from("refs/other/x")],
  ])("the log of what HEAD names: %s", async (_, ref) => {
    const victim = plantLog(ref);
    writeFileSync(join(inside.folder, ".git/HEAD"), Buffer.concat([Buffer.from("ref: "), ref, Buffer.from("\n")]));
    inside.write("b.txt", "b\n");
    for (const [tool, args] of [
      ["git_add", { files: ["."] }],
      ["git_commit", { message: "Out" }],
    ] as const) {
      expect(await error(tool, { repo_path: "site", ...args })).toMatch(/^unsupported: nothing was changed/);
    }
    expect(readFileSync(victim, "utf8")).toBe("");
  });

  test.each([
    ["HEAD", "refs/heads/alias", "refs/heads/alias", "refs/other/x"],
    ["refs/stash", "refs/other/x", "refs/stash", "refs/other/x"],
    ["ORIG_HEAD", "refs/other/x", "ORIG_HEAD", "refs/other/x"],
    ["HEAD", "refs/heads/a", "refs/heads/a", "refs/heads/a"],
  ])("symbolic refs one after another, from %s to %s", async (first, second, from, to) => {
    const victim = plantLog(Buffer.from(to));
    inside.write(`.git/${first}`, `ref: ${second}\n`);
    inside.write(`.git/${from}`, `ref: ${to}\n`);
    inside.write("a.txt", "two\n");
    await error("git_stash", { repo_path: "site", action: "push" });
    expect(readFileSync(victim, "utf8")).toBe("");
  });

  test("a HEAD larger than a file of .git may be, and one that is a symlink", async () => {
    writeFileSync(join(inside.folder, ".git/HEAD"), `ref: refs/other/x${" ".repeat(2 << 20)}\n`);
    expect(await error("git_add", { repo_path: "site", files: ["."] })).toMatch(/^unsupported: /);
    rmSync(join(inside.folder, ".git/HEAD"));
    symlinkSync("refs/heads/main", join(inside.folder, ".git/HEAD"));
    expect(await error("git_add", { repo_path: "site", files: ["."] })).toMatch(/^unsupported: /);
  });

  test("alternates in git's quotes and in bytes that are not UTF-8, each with a decoy inside the folder", async () => {
    const store = join(inside.folder, ".git/objects");
    const quoted = `"${outside.folder.replaceAll("/", "\\057")}\\057.git\\057objects"`;
    mkdirSync(join(store, quoted));
    inside.write(".git/objects/info/alternates", `${quoted}\n`);
    expect(inside("cat-file", "-t", outside("rev-parse", "HEAD"))).toBe("commit");
    await expectRefused("site", /^access_denied: .*alternates/);
    const path = (name: string) => Buffer.from(`${inside.folder}/${name}`, "latin1");
    symlinkSync(join(outside.folder, ".git/objects"), path("x\xe9"));
    mkdirSync(path("x\xe9").toString());
    inside.write(".git/objects/info/alternates", Buffer.concat([path("x\xe9"), Buffer.from("\n")]));
    expect(inside("cat-file", "-t", outside("rev-parse", "HEAD"))).toBe("commit");
    await expectRefused("site", /^access_denied: .*alternates/);
  });

  test("a plain folder whose parent, above the configured one, is a repository", async () => {
    newRepository(folder.path);
    mkdirSync(join(folder.path, "code", "plain"));
    await expectRefused("plain", /^not_found: .*not in a repository/);
    rmSync(join(folder.path, ".git"), { recursive: true });
  });

  test("a path outside, without revealing whether it exists", async () => {
    const [there, not] = [
      await error("git_log", { repo_path: outside.folder }),
      await error("git_log", { repo_path: `${folder.path}/nope` }),
    ];
    expect(there.replace(outside.folder, "")).toBe(not.replace(`${folder.path}/nope`, ""));
    await expectRefused("../outside", /^access_denied: /);
    await expectRefused("site/../../outside", /^access_denied: /);
  });
});

describe("what stays inside is served:", () => {
  test("a linked worktree, one nested in another repository, and a submodule", async () => {
    inside("worktree", "add", "-q", "-b", "feature", "../feature");
    inside("worktree", "add", "-q", "-b", "nested", ".worktrees/nested");
    const sub = newRepository(join(folder.path, "code", "lib"));
    sub.write("lib.txt", "lib\n");
    sub.commit("Lib");
    inside.run(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", sub.folder, "lib"]);
    const branchOf = async (repo_path: string) => (await ok("git_status", { repo_path })).value;
    expect(await branchOf("feature")).toMatchObject({
      work_tree: join(folder.path, "code/feature"),
      branch: "feature",
    });
    expect(await branchOf("site/.worktrees/nested")).toMatchObject({ branch: "nested" });
    expect(await branchOf("site/.worktrees/nested/a.txt")).toMatchObject({ branch: "nested" });
    expect(await branchOf("site/lib")).toMatchObject({ work_tree: join(inside.folder, "lib"), branch: "main" });
    expect(await branchOf("site")).toMatchObject({ work_tree: inside.folder, branch: "main" });
    const { value } = await ok("git_list_repositories", {});
    expect(value).toMatchObject({
      repositories: [
        {
          repo_path: join(folder.path, "code/feature"),
          kind: "linked worktree",
          branch: "feature",
          main_work_tree: inside.folder,
        },
        { repo_path: join(folder.path, "code/lib"), kind: "main" },
        { repo_path: inside.folder, kind: "main", branch: "main" },
        { repo_path: join(inside.folder, ".worktrees/nested"), kind: "linked worktree", branch: "nested" },
        { repo_path: join(inside.folder, "lib"), kind: "submodule" },
      ],
      complete: true,
    });
  });

  test("alternates, a .git symlink and a .git file that lead to another place in the folder", async () => {
    const main = inside.folder;
    const borrowed = join(folder.path, "code", "borrowed");
    inside("clone", "-q", "--shared", main, borrowed);
    expect((await ok("git_log", { repo_path: "borrowed" })).text).toContain("First");
    renameSync(join(borrowed, ".git"), join(folder.path, "code", "moved"));
    symlinkSync("../moved", join(borrowed, ".git"));
    expect((await ok("git_log", { repo_path: "borrowed" })).text).toContain("First");
    rmSync(join(borrowed, ".git"));
    writeFileSync(join(borrowed, ".git"), "gitdir: ../moved\n");
    expect((await ok("git_log", { repo_path: "borrowed" })).text).toContain("First");
  });

  test("a repository is named by its folder, an absolute path, or a folder in it", async () => {
    inside.write("deep/er/b.txt", "b\n");
    for (const repo_path of [
      "site",
      inside.folder,
      "site/deep/er",
      "site/deep/er/b.txt",
      "./site/",
      `${inside.folder}/deep`,
    ]) {
      expect((await ok("git_status", { repo_path })).value).toMatchObject({ work_tree: inside.folder });
    }
  });

  test("repo_path may be left out for one repository, whatever lies inside it; several are listed", async () => {
    newRepository(join(inside.folder, "vendor/other"));
    expect((await ok("git_status", {})).value).toMatchObject({ work_tree: inside.folder });
    expect((await ok("git_list_repositories", {})).text).toContain("vendor/other");
    newRepository(join(folder.path, "code", "second"));
    expect(await error("git_status", {})).toMatch(
      /^invalid_input: there are 2 repositories; pass one as repo_path: .*second.*, .*site"/,
    );
  });
});

describe("paths and files stay in the work tree:", () => {
  test.each([
    "../outside/secret.txt",
    "/etc/passwd",
    "a/../../outside/secret.txt",
    ".git/config",
    "./.GIT/config",
    "sub/.git/x",
    "x/git~1/config",
  ])("git_add refuses %s", async (file) => {
    expect(await error("git_add", { repo_path: "site", files: [file] })).toMatch(/^access_denied: /);
  });

  test.each([
    ":(top)../x",
    ":/",
    ":!a.txt",
    ":(exclude)a.txt",
    "*.txt",
    "--all",
    "-A",
    "--pathspec-from-file=/etc/passwd",
    "@{u}",
  ])("%s is the name of a file, and there is none", async (file) => {
    inside.write("b.txt", "b\n");
    expect(await error("git_add", { repo_path: "site", files: [file] })).toMatch(/^not_found: /);
    expect(inside("status", "--porcelain")).toBe("?? b.txt");
  });

  test("a file beyond a symlink is not staged, but the link itself is", async () => {
    symlinkSync(outside.folder, join(inside.folder, "link"));
    expect(await error("git_add", { repo_path: "site", files: ["link/secret.txt"] })).toMatch(
      /^access_denied: .*symbolic link/,
    );
    await ok("git_add", { repo_path: "site", files: ["link"] });
    expect(inside("ls-files", "--stage", "link")).toMatch(/^120000 /);
  });

  test("two paths outside cannot be used to compare arbitrary files", async () => {
    const text = await error("git_diff", { repo_path: "site", paths: ["/etc/hostname", "/dev/null"] });
    expect(text).toMatch(/^access_denied: /);
  });
});
