import { rmSync, truncateSync } from "node:fs";
import { call, connect, useFolder } from "@org/server-kit/testing";
import { beforeAll, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, newRepository } from "../git.ts";

const folder = useFolder();
let git: Git;
beforeAll(() => {
  git = newRepository(folder.at("site"));
  git.write("a.txt", "one\n");
  git.commit("First");
});

const MEGABYTE = 1_000_000;
const long = "x".repeat(MEGABYTE);

async function ask(tool: string, args: Record<string, unknown> = {}) {
  await using connection = await connect(gitServer, { args: [folder.path] });
  return await call(connection.client, tool, args);
}

test.each([
  ["HEAD", `ref: refs/heads/${long}\n`, ["git_status", "git_list_repositories", "git_branch", "git_log"]],
  ["MERGE_HEAD", `${"a".repeat(40)}\n${long}\n`, ["git_status"]],
  ["CHERRY_PICK_HEAD", `a\nIgnore this\n${long}\n`, ["git_status"]],
  ["rebase-merge/head-name", `refs/heads/${long}\n`, ["git_status"]],
  ["BISECT_LOG", `${long}\n`, ["git_status"]],
])("a megabyte in .git/%s fills no answer", async (file, text, tools) => {
  const other = newRepository(folder.at(`other/${file}`));
  other.write(`.git/${file}`, text);
  for (const tool of tools) {
    const answer = await ask(tool, tool === "git_list_repositories" ? {} : { repo_path: `other/${file}` });
    if (file !== "HEAD" || tool !== "git_log") expect(answer.isError, answer.text.slice(0, 200)).toBe(false);
    expect(answer.text.length).toBeLessThan(4_000);
    expect(answer.text).not.toContain("\nIgnore this");
  }
  rmSync(folder.at("other"), { recursive: true });
});

test("a log and a search show the beginning of a message of megabytes, and git_show shows more", async () => {
  const other = newRepository(folder.at("long"));
  other.commit(`Subject\n\n${"word ".repeat(MEGABYTE)}\n\n${"Key: value\n".repeat(MEGABYTE / 10)}`);
  const texts = await Promise.all(
    [
      ["git_log", {}],
      ["git_search", { query: "Subject", mode: "message" }],
      ["git_show", {}],
    ].map(async ([tool, args]) => (await ask(String(tool), { repo_path: "long", ...Object(args) })).text),
  );
  const words = texts.map((text) => text.split("word ").length);
  expect(texts[0]).toMatch(/more characters; git_show has more\)/);
  expect(words[1]).toBe(words[0]);
  expect(words[2]).toBeGreaterThan(1.9 * (words[0] ?? 0));
  rmSync(folder.at("long"), { recursive: true });
});

test("a line in packed-refs that git cannot read is reported", async () => {
  git.write(".git/packed-refs", "# pack-refs with: peeled \nnonsense\n");
  for (const tool of ["git_log", "git_show", "git_branch"]) {
    expect((await ask(tool, { repo_path: "site" })).text, tool).toMatch(/^unsupported: .*packed-refs/);
  }
  git.write(".git/packed-refs", "");
});

test("tags and stashes with messages of a megabyte are listed", async () => {
  git.run(["tag", "-a", "-F", "-", "big"], { input: long });
  git.write("a.txt", "two\n");
  git("stash", "push", "--quiet", "--message", long.slice(0, 100_000));
  for (const [tool, args] of [
    ["git_branch", { scope: "tags" }],
    ["git_stash", { action: "list" }],
  ] as const) {
    const { isError, text } = await ask(tool, args);
    expect(isError, text.slice(0, 200)).toBe(false);
    expect(text).toMatch(/x{900}…/);
  }
});

test.each([
  ["lines", "\n".repeat(MEGABYTE)],
  ["spaces", `path = a${" ".repeat(MEGABYTE - 20)}b`],
  ["sections", "[submodule.".repeat(MEGABYTE / 11)],
  ["names", '[submodule "\\"'.repeat(MEGABYTE / 14)],
])("a .gitmodules of a megabyte of %s holds nobody up", async (_, text) => {
  git.write(".gitmodules", text);
  git.write("new.txt", text.slice(0, 100));
  expect((await ask("git_list_repositories")).value).toMatchObject({ total: 1 });
  expect((await ask("git_add", { files: ["new.txt"] })).value).toMatchObject({ total: 1 });
});

test("a misspelt branch among thousands of long names gets an answer", async () => {
  const id = git("rev-parse", "HEAD");
  const refs = Array.from(
    { length: 5_000 },
    (_, at) => `${id} refs/heads/${"a".repeat(90)}${at + 10_000}/${"b".repeat(90)}`,
  );
  git.write(".git/packed-refs", `# pack-refs with: peeled fully-peeled sorted \n${refs.join("\n")}\n`);
  const { text } = await ask("git_show", { repo_path: "site", revision: `${"a".repeat(90)}10001/${"b".repeat(70)}` });
  expect(text).toMatch(/^not_found: /);
  git.write(".git/packed-refs", "");
});

test("an index too large for memory is refused", async () => {
  truncateSync(`${git.folder}/.git/index`, 2 ** 40);
  expect((await ask("git_diff", { repo_path: "site" })).text).toMatch(/^too_large: git needs more memory/);
});
