import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, useServer } from "@org/server-kit/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, gitIn, newRepository } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [join(path, "code"), "--allow-remote"] });

const before = process.env.PATH;
let calls: string;
let git: Git;
let theirs: Git;

/** An ssh whose only host is this machine: only the internet is simulated, and git talks to git. */
beforeAll(() => {
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  calls = join(folder.path, "calls");
  const script = [
    "#!/bin/sh",
    `printf '%s\\n' "$*" >> '${calls}'`,
    'while [ "$1" = -o ]; do shift 2; done',
    'case "$1" in *denied*) echo "Permission denied (publickey)." >&2; exit 255;; *gone*) echo "ssh: Could not resolve hostname gone" >&2; exit 255;; esac',
    'shift; cd /; exec sh -c "$*"',
  ];
  writeFileSync(join(bin, "ssh"), `${script.join("\n")}\n`);
  chmodSync(join(bin, "ssh"), 0o755);
  process.env.PATH = `${bin}:${before}`;
});
afterAll(() => {
  process.env.PATH = before;
});

beforeEach(() => {
  for (const name of ["code", "host", "their"]) rmSync(join(folder.path, name), { recursive: true, force: true });
  writeFileSync(calls, "");
  const seed = newRepository(join(folder.path, "their"));
  seed.write("a.txt", "one\n");
  seed.commit("First");
  mkdirSync(join(folder.path, "host"));
  seed("clone", "-q", "--bare", ".", join(folder.path, "host/site.git"));
  seed("remote", "add", "origin", join(folder.path, "host/site.git"));
  theirs = seed;
  mkdirSync(join(folder.path, "code"));
  seed("clone", "-q", join(folder.path, "host/site.git"), join(folder.path, "code/site"));
  git = gitIn(join(folder.path, "code/site"));
  git("remote", "set-url", "origin", `ssh://me:secret@host.example${folder.path}/host/site.git`);
});

const theyPush = (name: string) => {
  theirs.write(name, "theirs\n");
  const id = theirs.commit(`Their ${name}`);
  theirs("push", "-q", "origin", "main");
  return id;
};

test("the three tools are offered only with --allow-remote", async () => {
  await using plain = await connect(gitServer, { args: [join(folder.path, "code")] });
  const names = async (client: typeof plain.client) => (await client.listTools()).tools.map(({ name }) => name);
  expect((await names(plain.client)).length).toBeLessThanOrEqual(15);
  expect(await names(plain.client)).not.toContain("git_push");
  await using remote = await connect(gitServer, { args: [join(folder.path, "code"), "--allow-remote"] });
  expect(await names(remote.client)).toEqual(expect.arrayContaining(["git_fetch", "git_pull", "git_push"]));
});

describe("over ssh", () => {
  test("a fetch brings the remote's branches, and changes no other", async () => {
    const id = theyPush("b.txt");
    const head = git("rev-parse", "HEAD");
    // The repository's own refspec would replace the branch that is checked out.
    git("config", "remote.origin.fetch", "+refs/heads/*:refs/heads/*");
    git("config", "remote.origin.tagOpt", "--tags");
    const { value, text } = await ok("git_fetch", {});
    expect(value).toMatchObject({
      remote: "origin",
      host: "host.example",
      changed: [{ name: "origin/main", from: head, to: id }],
      total: 1,
    });
    expect(text).not.toContain("secret");
    expect([git("rev-parse", "main"), git("status", "--porcelain")]).toEqual([head, ""]);
    expect(readFileSync(calls, "utf8")).toMatch(/^-o BatchMode=yes/);
    expect((await ok("git_fetch", {})).value).toMatchObject({ total: 0 });
  });

  test("a pull moves the branch forward, and nothing else", async () => {
    const id = theyPush("b.txt");
    expect((await ok("git_pull", {})).value).toMatchObject({ upstream: "origin/main", to: id, commits: 1 });
    expect(git("rev-parse", "HEAD")).toBe(id);
    expect((await ok("git_pull", {})).value).toMatchObject({ commits: 0 });
  });

  test("a pull that would need a merge, or lose a file, is refused", async () => {
    theyPush("b.txt");
    git.write("b.txt", "mine\n");
    expect(await error("git_pull", {})).toMatch(
      /^conflict: pulling would lose changes in "b\.txt"; nothing was changed/,
    );
    git.write(".git/info/exclude", "b.txt\n");
    expect(await error("git_pull", {})).toContain('"b.txt"');
    expect(readFileSync(join(git.folder, "b.txt"), "utf8")).toBe("mine\n");
    rmSync(join(git.folder, "b.txt"));
    git.write("c.txt", "mine\n");
    git.commit("Mine");
    const head = git("rev-parse", "HEAD");
    expect(await error("git_pull", {})).toMatch(
      /^conflict: "main" and its upstream have both moved on, by 1 commit here and 1 there/,
    );
    expect(git("rev-parse", "HEAD")).toBe(head);
  });

  test("a push sends the branch, and never forces", async () => {
    git.write("c.txt", "mine\n");
    const id = git.commit("Mine");
    expect((await ok("git_push", {})).value).toMatchObject({ pushed: "main", to: "origin/main", commit: id });
    expect(theirs("ls-remote", "origin", "refs/heads/main")).toContain(id);
    expect((await ok("git_push", {})).value).toMatchObject({ result: "up to date" });
    git("checkout", "-q", "-b", "feature");
    expect((await ok("git_push", { set_upstream: true })).value).toMatchObject({
      to: "origin/feature",
      result: "new branch",
    });
    expect(git("rev-parse", "--abbrev-ref", "@{upstream}")).toBe("origin/feature");
    git("checkout", "-q", "main");
    theirs("pull", "-q", "origin", "main");
    const there = theyPush("d.txt");
    git.commit("Mine again");
    git("config", "remote.origin.mirror", "true");
    git("config", "remote.origin.push", "+refs/heads/*:refs/heads/*");
    expect(await error("git_push", {})).toMatch(
      /^conflict: origin has commits on this branch that are not here; nothing was pushed/,
    );
    expect(theirs("ls-remote", "origin", "refs/heads/main")).toContain(there);
  });

  test("a push goes to a branch of another name only if the user's own configuration says so", async () => {
    git("checkout", "-q", "-b", "feature", "origin/main");
    git.write("f.txt", "mine\n");
    const id = git.commit("Mine");
    const there = () => theirs("ls-remote", "origin", "refs/heads/main").slice(0, 40);
    const before = there();
    git("config", "push.default", "upstream");
    expect(await error("git_push", {})).toMatch(
      /^conflict: "feature" follows "origin\/main", which has another name, and nothing was pushed\. Pass set_upstream/,
    );
    expect(there()).toBe(before);
    const config = join(folder.path, "user-config");
    const kept = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = config;
    try {
      writeFileSync(config, "[push]\n\tdefault = current\n");
      // Another path to the user's file is noticed once the repository's own has changed.
      git("config", "some.key", "value");
      expect((await ok("git_push", {})).value).toMatchObject({ to: "origin/feature" });
      writeFileSync(config, "[push]\n\tdefault = upstream\n");
      expect((await ok("git_push", {})).value).toMatchObject({ to: "origin/main", commit: id });
    } finally {
      process.env.GIT_CONFIG_GLOBAL = kept;
    }
    expect((await ok("git_push", { set_upstream: true })).value).toMatchObject({ to: "origin/feature" });
    expect(git("rev-parse", "--abbrev-ref", "@{upstream}")).toBe("origin/feature");
  });

  test("a lock that another program holds here is not blamed on the host", async () => {
    theyPush("b.txt");
    git.write(".git/refs/remotes/origin/main.lock", "");
    expect(await error("git_fetch", {})).toMatch(/^unavailable: another program holds the lock/);
  });

  test("a rejected key, an unknown host and a missing repository are reported", async () => {
    git("remote", "set-url", "origin", "git@denied.example:x.git");
    expect(await error("git_fetch", {})).toMatch(/^access_denied: "denied\.example" did not accept the credentials/);
    git("remote", "set-url", "origin", "ssh://gone.example/x.git");
    expect(await error("git_fetch", {})).toMatch(/^unavailable: "gone\.example" cannot be reached/);
    git("remote", "set-url", "origin", "ssh://host.example/nowhere.git");
    expect(await error("git_fetch", {})).toMatch(/^not_found: "host\.example" has no such repository/);
    expect(await error("git_fetch", { remote: "orign" })).toMatch(
      /^not_found: there is no remote "orign"\. Its remotes: "origin"/,
    );
  });
});

describe("a repository cannot lead elsewhere:", () => {
  test("a symlink in place of the log of a branch that a fetch writes", async () => {
    const victim = join(folder.path, "victim");
    writeFileSync(victim, "");
    rmSync(join(git.folder, ".git/logs/refs/remotes/origin"), { recursive: true, force: true });
    mkdirSync(join(git.folder, ".git/logs/refs/remotes/origin"), { recursive: true });
    symlinkSync(victim, join(git.folder, ".git/logs/refs/remotes/origin/main"));
    theyPush("b.txt");
    expect(await error("git_fetch", {})).toMatch(/^access_denied: .*below \.git\//);
    expect(readFileSync(victim, "utf8")).toBe("");
  });

  test("a remote at anything but https and ssh is refused", async () => {
    const places = [
      "ext::sh -c x",
      "file:///tmp/x",
      "/tmp/x",
      "http://example.invalid/x",
      "git://example.invalid/x",
      "fd::3",
    ];
    for (const url of [...places, "-oProxyCommand=x:y", "ssh://-oProxyCommand=x/y"]) {
      git("config", "remote.origin.url", url);
      expect(await error("git_fetch", {}), url).toMatch(
        /^access_denied: the remote "origin" is reached neither by https nor by ssh/,
      );
      expect(await error("git_push", {}), url).toMatch(/^access_denied: /);
    }
    expect(readFileSync(calls, "utf8")).toBe("");
  });

  test("not even by a separate push URL, or a rewritten one", async () => {
    git("config", "remote.origin.pushurl", "/tmp/x");
    expect(await error("git_push", {})).toMatch(/^access_denied: /);
    git("config", "--unset", "remote.origin.pushurl");
    git("config", "url./tmp/.insteadOf", "ssh://");
    expect(await error("git_fetch", {})).toMatch(/^access_denied: /);
  });

  test("settings for transfers in its own configuration are refused by name", async () => {
    for (const [key, value] of [
      ["http.proxy", "http://evil.example"],
      ["http.sslVerify", "false"],
      ["http.cookieFile", "/etc/passwd"],
      ["http.https://host.example.sslKey", "/x"],
      ["remote.origin.proxy", "http://evil.example"],
      ["fetch.bundleURI", "https://evil.example/bundle"],
      ["remote.origin.vcs", "ext"],
    ] as const) {
      git("config", key, value);
      expect(await error("git_fetch", {}), key).toMatch(/^access_denied: the repository's own configuration sets /);
      git("config", "--unset", key);
    }
    expect(readFileSync(calls, "utf8")).toBe("");
  });

  test("its own programs for either end are not used", async () => {
    const mark = join(folder.path, "mark");
    for (const key of ["remote.origin.uploadpack", "remote.origin.receivepack", "core.sshCommand", "core.gitProxy"]) {
      git("config", key, `touch ${mark}; git-upload-pack`);
    }
    git("config", "credential.helper", `!touch ${mark}`);
    await ok("git_fetch", {});
    git.commit("Mine");
    await ok("git_push", {});
    expect(() => readFileSync(mark)).toThrow();
  });
});
