import { appendFileSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import type { Client } from "@modelcontextprotocol/client";
import { call, connect, makeFolder } from "@org/server-kit/testing";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { gitServer } from "../../src/server.ts";
import { gitIn, newRepository } from "../git.ts";
import { type Hostile, makeHostile } from "./hostile.ts";

afterEach(() => void vi.unstubAllEnvs());

const folder = makeFolder();
let round = 0;
const fresh = () => makeHostile(`${folder.path}/${round++}`);
afterAll(() => folder.remove());

/** What people and programs run in a repository that they have just received. */
const PLAIN = [
  ["-C", "bare", "status"],
  ["status"],
  ["diff"],
  ["-c", "core.pager=cat", "log", "-p", "-2"],
  ["log", "--show-signature", "-3"],
  ["show", "HEAD~1"],
  ["blame", "file.text"],
  ["grep", "--textconv", "one"],
  ["add", "--all", "."],
  ["commit", "-m", "x"],
  ["-c", "commit.gpgSign=false", "commit", "-m", "x"],
  ["-c", "commit.gpgSign=false", "commit", "--trailer", "trap: 2", "--allow-empty", "-m", "x"],
  ["stash", "pop"],
  ["checkout", "-f", "other"],
  ["-c", "commit.gpgSign=false", "merge", "main", "-m", "m"],
  ["reset", "-q"],
  ["stash", "push"],
  ["fetch", "origin"],
  ["push", "origin", "main"],
  ["st"],
  ["submodule", "update"],
];

type Calls = readonly (readonly [string, Record<string, unknown>])[];

/** Calls for a work tree without filtered files, since those are refused while filters are off. */
const ONCE_CLEAN: Calls = [
  ["git_stash", { action: "push", include_untracked: true }],
  ["git_checkout", { branch_name: "other" }],
  ["git_checkout", { branch_name: "main" }],
  ["git_stash", { action: "apply" }],
  ["git_reset", {}],
  ["git_stash", { action: "push" }],
  ["git_stash", { action: "pop" }],
];

/** All tools, each with what is most likely to trigger a trap. Later calls build on earlier changes. */
const CALLS: Calls = [
  ["git_list_repositories", { repo_path: undefined }],
  ["git_status", {}],
  ["git_status", { untracked: "all" }],
  ["git_status", { repo_path: "repository/sub" }],
  ["git_status", { repo_path: "repository/bare" }],
  ["git_log", { max_count: 10 }],
  ["git_log", { paths: ["file.text"], stats: true }],
  ["git_log", { stats: true }],
  ["git_show", { revision: "HEAD~1" }],
  ["git_show", { revision: "other" }],
  ["git_diff", {}],
  ["git_diff", { scope: "all" }],
  ["git_diff", { scope: "staged" }],
  ["git_diff", { from: "other", to: "main" }],
  ["git_diff", { repo_path: "repository/sub" }],
  ["git_blame", { path: "file.text" }],
  ["git_blame", { path: "file.trap" }],
  ["git_search", { query: "one" }],
  ["git_search", { query: "other", mode: "history" }],
  ["git_search", { query: "Second", mode: "message" }],
  ["git_read_file", { path: "file.trap", revision: "HEAD" }],
  ["git_branch", { scope: "all" }],
  ["git_branch", { contains: "HEAD" }],
  ["git_add", { files: ["file.trap"] }],
  ["git_add", { files: ["."] }],
  ["git_add", { files: ["file.plain", "file.text", "new.plain", "sub"] }],
  ["git_reset", { files: ["new.plain"] }],
  ["git_commit", { message: "Of ours", trailers: ["trap: 2"] }],
  ["git_commit", { message: "Of ours, amended", amend: true }],
  ["git_create_branch", { branch_name: "ours" }],
  ["git_checkout", { branch_name: "ours" }],
  ["git_stash", { action: "list" }],
  ["git_stash", { action: "push" }],
  ["git_checkout", { branch_name: "other" }],
  ["git_fetch", {}],
  ["git_pull", {}],
  ["git_push", {}],
  ["git_reset", {}],
];

function runPlain({ git }: Hostile) {
  for (const args of PLAIN) {
    try {
      git.run(args, { env: { GIT_TERMINAL_PROMPT: "0" } });
    } catch {
      // Many fail; only what they started counts.
    }
  }
}

test("plain git starts the planted programs", () => {
  const hostile = fresh();
  runPlain(hostile);
  const fired = hostile.fired();
  const all = [
    "core.fsmonitor",
    "filter.trap.clean",
    "filter.trap.smudge",
    "filter.a=b.clean",
    "filter.with.dots.clean",
    "filter.included.clean",
    "filter.worktree.clean",
    "filter.conditional.clean",
    "sub_filter.own.clean",
  ];
  const more = [
    "diff.external",
    "diff.trapped.textconv",
    "merge.trap.driver",
    "gpg.openpgp.program",
    "trailer.trap.cmd",
    "alias.st",
  ];
  const rest = [
    ".git_hooks_pre-commit",
    ".git_hooks_post-index-change",
    ".git_hooks_reference-transaction",
    "ext",
    "bare_core.fsmonitor",
  ];
  expect(fired).toEqual(expect.arrayContaining([...all, ...more, ...rest]));
});

/** Calls tools in turn, none of which may trigger a trap; returns those that succeeded. */
async function callAll({ fired }: Hostile, client: Client, calls: Calls): Promise<Set<string>> {
  const succeeded = new Set<string>();
  for (const [name, { repo_path = "repository", ...args }] of calls) {
    const place = name === "git_list_repositories" ? {} : { repo_path };
    const answer = await call(client, name, { ...place, ...args });
    expect(fired(), `${name} ${JSON.stringify(args)}: ${answer.text}`).toEqual([]);
    if (!answer.isError) succeeded.add(name);
  }
  return succeeded;
}

test("no tool starts any of them", async () => {
  const hostile = fresh();
  const args = [`${hostile.folder}/..`, "--allow-remote", "--sign", "never"];
  await using connection = await connect(gitServer, { args });
  const { client } = connection;
  const first = await callAll(hostile, client, CALLS);
  hostile.clean();
  const second = await callAll(hostile, client, ONCE_CLEAN);
  const { tools } = await client.listTools();
  const names = tools.map(({ name }) => name).sort();
  expect([...new Set(CALLS.map(([name]) => name))].sort()).toEqual(names);
  // Refusing everything would be safe too, so all but the remote tools, whose remote is a trap, must have succeeded.
  const remote = ["git_fetch", "git_pull", "git_push"];
  expect([...new Set([...first, ...second])].sort()).toEqual(names.filter((name) => !remote.includes(name)));
});

test.each([
  ["auto", /signed/],
  ["require", /signed/],
])("a signature is made by the user's program and not by the repository's, with --sign %s", async (sign, words) => {
  const hostile = fresh();
  await using connection = await connect(gitServer, { args: [hostile.folder, "--sign", sign] });
  const { client } = connection;
  await call(client, "git_add", { files: ["file.plain"] });
  const { text } = await call(client, "git_commit", { message: "Signed" });
  expect(text).toMatch(words);
  expect(hostile.fired()).toEqual([]);
});

test("configuration for one branch only is refused: it could take effect between two steps", async () => {
  const hostile = fresh();
  hostile.git("config", "includeIf.onbranch:other.path", "/nowhere");
  await using connection = await connect(gitServer, { args: [hostile.folder] });
  for (const tool of ["git_status", "git_log", "git_diff"]) {
    expect((await call(connection.client, tool, {})).text).toMatch(/^unsupported: .*includeif\.onbranch:other\.path/);
  }
});

test("a driver whose name cannot be disabled through the environment is refused, for reading and writing", async () => {
  const git = newRepository(`${folder.path}/garbled/site`);
  git.write("file.x", "one\n");
  git.write(".gitattributes", Buffer.from("*.x filter=\xff diff=\xfe\n", "latin1"));
  git.commit("First");
  git.write("file.x", "two\n");
  const mark = `${folder.path}/garbled/fired`;
  const lines = `[filter "\xff"]\n\tclean = touch ${mark}\n[diff "\xfe"]\n\ttextconv = touch ${mark}\n`;
  appendFileSync(`${git.folder}/.git/config`, Buffer.from(lines, "latin1"));
  await using connection = await connect(gitServer, { args: [git.folder] });
  for (const [name, args] of [
    ["git_status", {}],
    ["git_diff", {}],
    ["git_add", { files: ["."] }],
  ] as const) {
    const answer = await call(connection.client, name, args);
    expect(answer.text).toMatch(/^unsupported: .*not UTF-8/);
  }
  expect(existsSync(mark)).toBe(false);
  git("status");
  expect(existsSync(mark)).toBe(true);
});

test.for(["there", "absent"])(
  "a filter that the user's included configuration comes to have is turned off as well, first %s",
  async (first) => {
    const git = newRepository(`${folder.path}/late-${first}/site`);
    git.write("file.x", "one\n");
    git.write(".gitattributes", "*.x filter=late\n");
    git.commit("First");
    git.write("file.x", "two\n");
    const [user, more, mark] = ["user", "more", "fired"].map((name) => `${folder.path}/late-${first}/${name}`);
    writeFileSync(`${user}`, `[include]\n\tpath = ${more}\n`);
    if (first === "there") writeFileSync(`${more}`, "[user]\n\tname = Ada\n");
    vi.stubEnv("GIT_CONFIG_GLOBAL", user);
    await using connection = await connect(gitServer, { args: [git.folder] });
    await call(connection.client, "git_status", {});
    writeFileSync(`${more}`, `[filter "late"]\n\tclean = touch ${mark}\n`);
    expect((await call(connection.client, "git_status", {})).text).toContain("modified: file.x");
    expect(existsSync(`${mark}`)).toBe(false);
  },
);

test("a pattern for hunk headings is only taken from the user's configuration, since one can use up all memory", async () => {
  const git = newRepository(`${folder.path}/headings/site`);
  const lines = Array.from({ length: 20 }, (_, at) => `\tline ${at}\n`).join("");
  git.write("file.x", `plain\n-- wanted\n${lines}`);
  git.write(".gitattributes", "*.x diff=x\n");
  git.commit("First");
  git.write("file.x", `plain\n-- wanted\n${lines}more\n`);
  await using connection = await connect(gitServer, { args: [git.folder] });
  const heading = async () => /^@@ .* @@ (.*)$/m.exec((await call(connection.client, "git_diff", {})).text)?.[1];
  for (const key of ["diff.x.xfuncname", "diff.x.funcname"]) {
    git("config", key, "^-- .*$");
    expect(await heading()).toBe("plain");
    git("config", "--unset", key);
  }
  const user = `${folder.path}/headings/user`;
  writeFileSync(user, '[diff "x"]\n\txfuncname = "^-- .*$"\n');
  vi.stubEnv("GIT_CONFIG_GLOBAL", user);
  expect(await heading()).toBe("-- wanted");
});

test("a filter that replaces another setting, in a file of the same size and time, is disabled", async () => {
  const git = newRepository(`${folder.path}/swapped`);
  git.write("file.x", "one\n");
  git.write(".gitattributes", "*.x filter=x\n");
  git.commit("First");
  git.write("file.x", "two\n");
  const [config, mark] = [`${git.folder}/.git/config`, `${git.folder}/fired`];
  const before = readFileSync(config, "utf8");
  const planted = `${before}[filter "x"]\n\tclean = touch ${mark}\n`;
  writeFileSync(config, before + "#".repeat(planted.length - before.length));
  await using connection = await connect(gitServer, { args: [git.folder] });
  await call(connection.client, "git_status", {});
  const { atime, mtime } = statSync(config);
  writeFileSync(config, planted);
  utimesSync(config, atime, mtime);
  for (const tool of ["git_status", "git_diff"]) {
    expect((await call(connection.client, tool, {})).text).toContain("file.x");
  }
  expect(existsSync(mark)).toBe(false);
  git("status");
  expect(existsSync(mark)).toBe(true);
});

test("nothing that a partial clone lacks is fetched, by any program or over any protocol", async () => {
  const top = `${folder.path}/partial`;
  const full = newRepository(`${top}/full`);
  full("config", "uploadpack.allowFilter", "true");
  full.write("a.txt", "one\n");
  full.commit("First");
  full.write("a.txt", "two\n");
  full.commit("Second");
  full("clone", "-q", "--filter=blob:none", `file://${full.folder}`, `${top}/clone`);
  const clone = gitIn(`${top}/clone`);
  const mark = `${top}/mark`;
  clone("config", "remote.origin.uploadpack", `touch ${mark}; git-upload-pack`);
  const missing = clone("rev-list", "--objects", "--missing=print", "HEAD")
    .split("\n")
    .filter((line) => line.startsWith("?"));
  expect(missing).toHaveLength(1);
  await using connection = await connect(gitServer, { args: [clone.folder] });
  for (const [tool, args] of [
    ["git_show", { revision: "HEAD" }],
    ["git_diff", { from: "HEAD~1", to: "HEAD" }],
    ["git_log", { stats: true }],
    ["git_blame", { path: "a.txt" }],
    ["git_search", { query: "one", mode: "history" }],
    ["git_search", { query: "one", revision: "HEAD~1" }],
    ["git_read_file", { path: "a.txt", revision: "HEAD~1" }],
  ] as const) {
    const answer = await call(connection.client, tool, args);
    expect(answer.text, tool).toMatch(/partial clone/);
    expect(existsSync(mark), tool).toBe(false);
  }
  // Calls that need none of it are answered.
  expect((await call(connection.client, "git_log", {})).isError).toBe(false);
  expect((await call(connection.client, "git_status", {})).isError).toBe(false);
  clone("cat-file", "-p", missing[0]?.slice(1) ?? "");
  expect(existsSync(mark)).toBe(true);
});
