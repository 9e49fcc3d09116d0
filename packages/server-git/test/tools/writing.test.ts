import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { call, connect, useServer } from "@org/server-kit/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, newRepository } from "../git.ts";
import { column } from "../values.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [join(path, "site")] });
let git: Git;
beforeEach(() => {
  rmSync(join(folder.path, "site"), { recursive: true, force: true });
  git = newRepository(join(folder.path, "site"));
  git.write("a.txt", "one\n");
  git.commit("First");
});
/** What a failure must not change. */
const state = () => [
  git("rev-parse", "HEAD"),
  git("status", "--porcelain=v2", "--branch"),
  git("for-each-ref"),
  git("stash", "list"),
];

describe("git_add", () => {
  test("says what it staged, even if that is nothing", async () => {
    git.write("a.txt", "two\n");
    git.write("b/new.txt", "new\n");
    git.write("c.txt", "c\n");
    const first = await ok("git_add", { files: ["./a.txt", "b/"] });
    expect(first.value).toMatchObject({
      files: [
        { path: "a.txt", change: "modified" },
        { path: "b/new.txt", change: "added" },
      ],
      in_index: 2,
      notes: [],
    });
    const second = await ok("git_add", { files: ["a.txt"] });
    expect(second.value).toMatchObject({
      files: [],
      total: 0,
      in_index: 2,
      notes: [expect.stringContaining("Nothing new was staged")],
    });
    rmSync(join(git.folder, "a.txt"));
    expect((await ok("git_add", { files: ["a.txt"] })).value.files).toEqual([{ path: "a.txt", change: "deleted" }]);
    git.write("a.txt", "one\n");
    expect((await ok("git_add", { files: ["a.txt"] })).value.files).toEqual([
      { path: "a.txt", change: "as in HEAD again" },
    ]);
  });

  test("stages what is named, of hundreds of files that are not", async () => {
    for (let at = 0; at < 300; at++) git.write(`many/${at % 3}/${at}.txt`, `${at}\n`);
    const files = Array.from({ length: 150 }, (_, at) => `many/${at % 3}/${at}.txt`);
    expect((await ok("git_add", { files })).value).toMatchObject({ total: 150, in_index: 150 });
    expect((await ok("git_add", { files: ["many/1"] })).value).toMatchObject({ total: 50, in_index: 200 });
  });

  test("stages everything for '.', even next to other paths, and never .git", async () => {
    git.write("x", "x");
    await ok("git_add", { files: [".", "x"] });
    expect(git("ls-files")).toBe("a.txt\nx");
  });

  test("takes names literally, and absolute paths in the work tree", async () => {
    git.write("*.txt", "star\n");
    git.write("b.txt", "b\n");
    git.write(":(top)c", "c\n");
    git.write("-A", "a\n");
    const { value } = await ok("git_add", { files: ["*.txt", ":(top)c", "-A", join(git.folder, "b.txt")] });
    expect(column(value.files, "path")).toEqual(["*.txt", "-A", ":(top)c", "b.txt"]);
  });

  test("refuses ignored and missing files without staging the others", async () => {
    git.write(".gitignore", "*.log\n");
    git.write("b.txt", "b\n");
    git.write("x.log", "x\n");
    expect(await error("git_add", { files: ["b.txt", "x.log"] })).toMatch(
      /^invalid_input: ignored by \.gitignore, and nothing was staged: "x\.log"/,
    );
    expect(await error("git_add", { files: ["b.txt", "b.txr"] })).toMatch(
      /^not_found: "b\.txr" is not there.*Did you mean "b\.txt"/,
    );
    expect(git("diff", "--cached", "--name-only")).toBe("");
  });

  test("refuses files that need a filter while filters are off", async () => {
    git.write(".gitattributes", "*.bin filter=lfs\n");
    git.write("big.bin", "content\n");
    git.write("b.txt", "b\n");
    expect(await error("git_add", { files: ["."] })).toMatch(
      /^unsupported: 1 file would have to go through the filter "lfs".*"big\.bin"/,
    );
    expect((await ok("git_add", { files: ["b.txt", ".gitattributes"] })).value).toMatchObject({ total: 2 });
  });

  test("says that a repository inside the repository is staged as its commit", async () => {
    newRepository(join(git.folder, "inner")).commit("Inner");
    expect((await ok("git_add", { files: ["inner"] })).value.notes).toEqual([
      expect.stringContaining('"inner" is a repository of its own'),
    ]);
  });
});

describe("git_commit", () => {
  test("commits what is staged, says what was left out, and keeps the message unchanged", async () => {
    git.write("a.txt", "two\n");
    git.write("b.txt", "b\n");
    await ok("git_add", { files: ["a.txt"] });
    const message = "Überschrift: # not a comment\n\n#123 begins a line\ncommit abc\n\n\n\nlast  \n";
    const { value, text } = await ok("git_commit", {
      message,
      trailers: ["Co-authored-by: Ö <o@example.com>", "Fixes: #1"],
    });
    expect(value).toMatchObject({
      subject: "Überschrift: # not a comment",
      files: 1,
      parents: 1,
      not_committed: 1,
      notes: [],
      branch: "main",
    });
    expect(text).toContain("Not committed: 1 changed or new file");
    expect(git("log", "-1", "--format=%B")).toBe(
      "Überschrift: # not a comment\n\n#123 begins a line\ncommit abc\n\nlast\n\nCo-authored-by: Ö <o@example.com>\nFixes: #1",
    );
    expect(git("log", "-1", "--format=%(trailers:key=Fixes,valueonly)").trim()).toBe("#1");
  });

  test("adds trailers to existing ones", async () => {
    git.write("a.txt", "two\n");
    await ok("git_add", { files: ["."] });
    await ok("git_commit", {
      message: "Subject\n\nSigned-off-by: A <a@example.com>",
      trailers: ["Signed-off-by: A <a@example.com>", "Fixes: #2"],
    });
    expect(git("log", "-1", "--format=%B")).toBe("Subject\n\nSigned-off-by: A <a@example.com>\nFixes: #2");
  });

  test.each([
    ["Subject\\n\\nBody\\n- point", "Subject\n\nBody\n- point", /stored as line breaks/],
    ["Subject\\nBody", "Subject\nBody", /stored as line breaks/],
    ["Split lines at \\n and not at spaces", "Split lines at \\n and not at spaces", /stored as such/],
    ["Explain `\\n`\n\nIt is\\nnot a line break.", "Explain `\\n`\n\nIt is\\nnot a line break.", /stored as such/],
  ])("a message of %j is stored as %j, which is said", async (message, stored, note) => {
    git.write("a.txt", `${message}\n`);
    await ok("git_add", { files: ["."] });
    const { value } = await ok("git_commit", { message });
    expect(git("log", "-1", "--format=%B")).toBe(stored);
    expect(value.notes).toEqual([expect.stringMatching(note)]);
  });

  test("refuses an empty commit, an empty message and a wrong trailer, and changes nothing", async () => {
    git.write("a.txt", "two\n");
    git.write("b.txt", "b\n");
    const before = state();
    expect(await error("git_commit", { message: "x" })).toMatch(
      /^conflict: nothing is staged.*1 changed and 1 untracked are not staged: "a\.txt", "b\.txt"/,
    );
    git("add", "a.txt");
    expect(await error("git_commit", { message: " \n " })).toMatch(/^invalid_input: message is empty/);
    expect(await error("git_commit", { message: "Half \ud83d" })).toMatch(/^invalid_input: message .*lone surrogate/);
    expect(await error("git_commit", { message: "x", trailers: ["no trailer"] })).toMatch(/^invalid_input: trailers/);
    git("reset", "-q");
    expect(state()).toEqual(before);
    expect(await error("git_commit", { message: "x" })).not.toContain("internal");
  });

  test("commits on an unborn branch and on a detached head", async () => {
    git("checkout", "-q", "--orphan", "fresh");
    expect(await error("git_stash", { action: "push" })).toMatch(/^conflict: a stash needs a commit/);
    expect((await ok("git_commit", { message: "First of its own" })).value).toMatchObject({
      parents: 0,
      files: 1,
      branch: "fresh",
    });
    git("checkout", "-q", "--detach");
    git.write("a.txt", "three\n");
    await ok("git_add", { files: ["."] });
    expect((await ok("git_commit", { message: "Detached" })).value).toMatchObject({
      branch: expect.stringMatching(/^detached at /),
    });
  });

  test("amends the last commit, and says if it is already on the upstream", async () => {
    git("branch", "upstream");
    git("branch", "-q", "--set-upstream-to=upstream");
    const { value } = await ok("git_commit", { message: "Renamed", amend: true });
    expect(value.notes).toEqual([expect.stringContaining("on the upstream branch already")]);
    expect(git("rev-list", "--count", "HEAD")).toBe("1");
  });

  test("signs as the user's files say for the branch that is checked out now", async () => {
    const config = join(folder.path, "user-config");
    writeFileSync(
      join(folder.path, "signed-config"),
      "[commit]\n\tgpgSign = true\n[user]\n\tsigningKey = 0000000000000000\n",
    );
    writeFileSync(config, `[includeIf "onbranch:signed"]\n\tpath = ${join(folder.path, "signed-config")}\n`);
    const before = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = config;
    try {
      // Another path to the user's file is noticed once the repository's own has changed.
      git("config", "some.key", "value");
      await ok("git_status", {});
      git("checkout", "-q", "-b", "signed");
      git.write("a.txt", "two\n");
      git("add", "a.txt");
      expect(await error("git_commit", { message: "x" })).toMatch(/^unavailable: the commit could not be signed/);
    } finally {
      process.env.GIT_CONFIG_GLOBAL = before;
    }
  });

  test("fails once without a name or a signing key, before anything changes", async () => {
    git.write("a.txt", "two\n");
    git("add", "a.txt");
    const names = ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"];
    const kept = names.map((name) => [name, process.env[name]] as const);
    const before = state();
    git("config", "user.useConfigOnly", "true");
    for (const name of names) delete process.env[name];
    try {
      expect(await error("git_commit", { message: "x" })).toMatch(
        /^unavailable: git does not know who commits here, and nothing was changed/,
      );
    } finally {
      for (const [name, value] of kept) process.env[name] = value;
    }
    git("config", "commit.gpgSign", "true");
    git("config", "user.signingKey", "0000000000000000");
    expect(await error("git_commit", { message: "x" })).toMatch(
      /^unavailable: the commit could not be signed, and nothing was changed/,
    );
    expect(state()).toEqual(before);
    await using unsigned = await connect(gitServer, { args: [git.folder, "--sign", "never"] });
    expect((await call(unsigned.client, "git_commit", { message: "x" })).value).toMatchObject({ signed: false });
  });

  test("signs with the program from the user's own configuration", async () => {
    const program = join(folder.path, "sign.sh");
    writeFileSync(
      program,
      "#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\nprintf '%s\\n' '-----BEGIN PGP SIGNATURE-----' '' x '-----END PGP SIGNATURE-----'\n",
    );
    chmodSync(program, 0o755);
    const config = join(folder.path, "user-config");
    writeFileSync(config, `[gpg]\n\tprogram = ${program}\n`);
    const before = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = config;
    try {
      await using signing = await connect(gitServer, { args: [git.folder, "--sign", "require"] });
      git.write("a.txt", "two\n");
      git("add", "a.txt");
      expect((await call(signing.client, "git_commit", { message: "Signed" })).value).toMatchObject({ signed: true });
    } finally {
      process.env.GIT_CONFIG_GLOBAL = before;
    }
    expect(git("cat-file", "commit", "HEAD")).toContain("gpgsig -----BEGIN PGP SIGNATURE-----");
  });
});

describe("git_reset", () => {
  test("unstages without touching the files, and says when nothing is staged", async () => {
    git.write("a.txt", "two\n");
    git.write("b.txt", "b\n");
    git("add", ".");
    expect((await ok("git_reset", { files: ["b.txt"] })).value).toMatchObject({
      files: [{ path: "b.txt", change: "added" }],
      in_index: 1,
    });
    expect((await ok("git_reset", {})).value).toMatchObject({
      files: [{ path: "a.txt", change: "modified" }],
      in_index: 0,
    });
    expect(readFileSync(join(git.folder, "a.txt"), "utf8")).toBe("two\n");
    expect((await ok("git_reset", {})).value.notes).toEqual([expect.stringContaining("Nothing was unstaged")]);
  });
});

describe("git_create_branch and git_checkout", () => {
  test("a branch is created at a commit and switched to, with changes carried over", async () => {
    git.commit("Second");
    const { value } = await ok("git_create_branch", { branch_name: "feature/x", base_branch: "HEAD~1" });
    expect(value).toMatchObject({ branch: "main", created: "feature/x", commit: git("rev-parse", "HEAD~1") });
    git.write("b.txt", "b\n");
    git("add", "b.txt");
    expect((await ok("git_checkout", { branch_name: "feature/x" })).value).toMatchObject({
      branch: "feature/x",
      from: "main",
      carried: 1,
    });
    expect(await error("git_create_branch", { branch_name: "feature/x" })).toMatch(/^already_exists: /);
    expect(await error("git_create_branch", { branch_name: "feature" })).toMatch(/^conflict: /);
  });

  test.each(["-x", "a..b", "a b", "x.lock", "@", "HEAD", "a@{1}", "/a", "a/", "", "a\nb", "x~1", "--force", "\ud800x"])(
    "%j is no branch name",
    async (branch_name) => {
      expect(await error("git_create_branch", { branch_name })).toMatch(/^invalid_input: /);
      expect(await error("git_checkout", { branch_name })).toMatch(/^invalid_input: /);
    },
  );

  test("changes that would be lost prevent it: in tracked, new and ignored files", async () => {
    git("branch", "other");
    git("checkout", "-q", "other");
    git.write("a.txt", "other\n");
    git.write("new.txt", "other\n");
    git.write(".env", "theirs\n");
    git.commit("Other");
    git("checkout", "-q", "main");
    git.write("a.txt", "mine\n");
    expect(await error("git_checkout", { branch_name: "other" })).toMatch(
      /^conflict: switching to "other" would lose changes in "a\.txt"; nothing was changed/,
    );
    git("checkout", "-q", "a.txt");
    git.write("new.txt", "mine\n");
    expect(await error("git_checkout", { branch_name: "other" })).toContain('"new.txt"');
    rmSync(join(git.folder, "new.txt"));
    git.write(".git/info/exclude", ".env\n");
    git.write(".env", "SECRET=mine\n");
    expect(await error("git_checkout", { branch_name: "other" })).toContain('".env"');
    expect(readFileSync(join(git.folder, ".env"), "utf8")).toBe("SECRET=mine\n");
    expect(git("branch", "--show-current")).toBe("main");
  });

  test("a remote's branch is created locally; tags, commits and other work trees' branches are refused with what to do", async () => {
    git("update-ref", "refs/remotes/origin/theirs", "HEAD");
    git("config", "remote.origin.url", "https://example.invalid/x.git");
    git("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
    git("tag", "v1");
    expect((await ok("git_checkout", { branch_name: "theirs" })).value).toMatchObject({
      branch: "theirs",
      notes: [expect.stringContaining("origin/theirs as its upstream")],
    });
    expect(await error("git_checkout", { branch_name: "v1" })).toMatch(/is not a branch.*git_create_branch/);
    expect(await error("git_checkout", { branch_name: "mian" })).toMatch(/^not_found: .*Did you mean "main"/);
    git("worktree", "add", "-q", "../linked", "main");
    expect(await error("git_checkout", { branch_name: "main" })).toMatch(
      /^conflict: "main" is checked out in another work tree/,
    );
    rmSync(join(folder.path, "linked"), { recursive: true });
  });
});

describe("git_stash", () => {
  test("git_show says where a stash's new files are", async () => {
    git.write("new.txt", "new\n");
    await ok("git_stash", { action: "push", include_untracked: true });
    const [, id] =
      /its new files are in ([0-9a-f]{40}): git_show/.exec((await ok("git_show", { revision: "stash@{0}" })).text) ??
      [];
    expect(id).toBe(git("rev-parse", "stash^3"));
    expect((await ok("git_show", { revision: id })).text).toContain("+new");
    git.write("a.txt", "two\n");
    await ok("git_stash", { action: "push" });
    expect((await ok("git_show", { revision: "stash@{0}" })).text).not.toContain("new files");
  });

  test("puts changes aside and restores them exactly, new files included", async () => {
    git.write("a.txt", "staged\n");
    git("add", "a.txt");
    git.write("a.txt", "changed\n");
    git.write("new.txt", "new\n");
    const before = git("status", "--porcelain");
    const { value } = await ok("git_stash", { action: "push", message: "Work\n on it", include_untracked: true });
    expect(value).toMatchObject({ total: 1, stashes: [{ message: "On main: Work on it" }] });
    expect(git("status", "--porcelain")).toBe("");
    expect(existsSync(join(git.folder, "new.txt"))).toBe(false);
    await ok("git_stash", { action: "pop" });
    expect(git("status", "--porcelain")).toBe(before);
    expect(readFileSync(join(git.folder, "a.txt"), "utf8")).toBe("changed\n");
    expect((await ok("git_stash", { action: "list" })).value).toMatchObject({ total: 0 });
    expect(await error("git_stash", { action: "pop" })).toMatch(/^not_found: there is no stash/);
    const message = "x\0--all";
    expect(await error("git_stash", { action: "push", message })).toMatch(/^invalid_input: message contains a NUL/);
  });

  test("restores the stash with a given id; one that would overwrite a file is refused, and nothing changes", async () => {
    git.write("new.txt", "older\n");
    await ok("git_stash", { action: "push", include_untracked: true });
    git.write("a.txt", "newer\n");
    const { value } = await ok("git_stash", { action: "push" });
    const [, older = ""] = column(value.stashes, "stash");
    git.write("new.txt", "in the way\n");
    const before = state();
    expect(await error("git_stash", { action: "apply", stash: older })).toMatch(
      /^conflict: .*would lose what is in "new\.txt"; nothing was changed/,
    );
    expect(state()).toEqual(before);
    rmSync(join(git.folder, "new.txt"));
    await ok("git_stash", { action: "pop", stash: older.slice(0, 10) });
    expect(readFileSync(join(git.folder, "new.txt"), "utf8")).toBe("older\n");
    git.write("a.txt", "mine\n");
    expect(await error("git_stash", { action: "pop" })).toMatch(/^conflict: .*would lose what is in "a\.txt"/);
    git("add", "a.txt");
    git.commit("Mine");
    expect(await error("git_stash", { action: "pop" })).toMatch(
      /^conflict: the stash was restored with conflicts in "a\.txt", and is kept/,
    );
    expect((await ok("git_stash", { action: "list" })).value).toMatchObject({ total: 1 });
  });

  test.runIf(process.platform === "linux")(
    "a pop drops the stash that it restored, even when another is pushed meanwhile",
    async () => {
      git.write("a.txt", "mine\n");
      await ok("git_stash", { action: "push", message: "mine" });
      // A git that once pushes somebody else's stash, right before it drops one.
      const [bin, real] = [join(folder.path, "racing"), execFileSync("sh", ["-c", "command -v git"]).toString().trim()];
      mkdirSync(bin);
      const other = `echo other > b.txt; git add b.txt; git stash store -m other "$(git stash create other)"; git rm -qf b.txt`;
      const once = `if [ "$1 $2" = "stash drop" ] && mkdir '${bin}/done' 2>/dev/null; then PATH=${dirname(real)}:$PATH; ${other}; fi`;
      writeFileSync(join(bin, "git"), `#!/bin/sh\n${once}\nexec '${real}' "$@"\n`, { mode: 0o755 });
      const before = process.env.PATH;
      process.env.PATH = `${bin}:${before}`;
      try {
        const { value } = await ok("git_stash", { action: "pop" });
        expect(existsSync(join(bin, "done"))).toBe(true);
        expect(value).toMatchObject({ done: expect.stringMatching(/^Restored and dropped/), total: 1 });
        expect(value.stashes).toMatchObject([{ message: expect.stringMatching(/other$/) }]);
      } finally {
        process.env.PATH = before;
      }
      expect(readFileSync(join(git.folder, "a.txt"), "utf8")).toBe("mine\n");
    },
  );
});

test("with --read-only the writing tools are missing", async () => {
  await using connection = await connect(gitServer, { args: [git.folder, "--read-only"] });
  const { tools } = await connection.client.listTools();
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
  expect(tools.length).toBe(9);
});
