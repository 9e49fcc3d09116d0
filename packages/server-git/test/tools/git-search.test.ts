import { useServer } from "@org/server-kit/testing";
import { beforeAll, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { newRepository, ODD_CONFIGURATION } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [path] });
const search = async (args: Record<string, unknown>) => (await ok("git_search", { repo_path: "site", ...args })).value;

beforeAll(() => {
  const git = newRepository(folder.at("site"));
  git.write("a:1:b.txt", "zero\nfind me: here\n");
  git.write("dir/\ttab", "FIND ME\n");
  git.write("min.js", `${"x".repeat(50_000)}needle${"y".repeat(50_000)}\n`);
  git.write("bin", "\0find me");
  git.commit("Add the files\n\nA message to find");
  git.write("secret.txt", "password = a.*b(c\n");
  git.commit("Add a secret");
  git("rm", "-q", "secret.txt");
  git.commit("Remove it");
  git.write("many.txt", Array.from({ length: 120 }, (_, at) => `many ${at}\n`).join(""));
  git.commit("Many");
});

test("finds lines in the files of a revision, whatever their names", async () => {
  expect(await search({ query: "find me" })).toMatchObject({
    branch: "main",
    matches: [{ path: "a:1:b.txt", line: 2, text: "find me: here" }],
  });
  expect((await search({ query: "FIND ME", ignore_case: true })).matches).toMatchObject([
    { path: "a:1:b.txt" },
    { path: '"dir/\\ttab"', line: 1 },
  ]);
  expect((await search({ query: "find me", ignore_case: true, paths: ["dir"] })).matches).toHaveLength(1);
  expect((await search({ query: "a.*b(c" })).note).toMatch(
    /no line in the files of "HEAD" has "a\.\*b\(c"; try ignore_case, or mode history for deleted text/,
  );
  expect((await search({ query: "find me", paths: ["*.txt"] })).note).toMatch(
    /\(in paths\) .*; paths are names and not patterns/,
  );
  expect((await search({ query: "absent", paths: ["dir"] })).note).not.toContain("patterns");
  expect((await search({ query: "a.*b(c", revision: "HEAD~2" })).matches).toMatchObject([
    { path: "secret.txt", line: 1 },
  ]);
});

test("a long line is shown around the match", async () => {
  const { matches } = await search({ query: "needle" });
  expect(JSON.stringify(matches)).toMatch(/"text":"…x{80}needley+… \(line of 100,006 bytes\)"/);
});

test("finds commits that added or removed a text, even in deleted files", async () => {
  expect((await search({ query: "a.*b(c", mode: "history" })).commits).toMatchObject([
    { subject: "Remove it", files: [{ status: "D", path: "secret.txt" }] },
    { subject: "Add a secret", files: [{ status: "A", path: "secret.txt", added: 1 }] },
  ]);
  expect((await search({ query: "PASSWORD =", mode: "history", ignore_case: true })).commits).toHaveLength(2);
});

test("messages", async () => {
  expect((await search({ query: "to find", mode: "message" })).commits).toMatchObject([{ subject: "Add the files" }]);
  expect((await search({ query: "TO FIND", mode: "message" })).commits).toEqual([]);
  expect((await search({ query: "a.*b", mode: "message" })).note).toMatch(
    /^no message in the history of "HEAD" has "a\.\*b"/,
  );
});

test("pages join without a gap", async () => {
  const lines: unknown[] = [];
  let cursor: unknown;
  do {
    const page = await search({ query: "many", ...(cursor !== undefined && { cursor }) });
    lines.push(...(Array.isArray(page.matches) ? page.matches.map(({ line }) => line) : []));
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  expect(lines).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
});

test("no configuration changes the answer", async () => {
  const asked = [{ query: "find me" }, { query: "a.*b(c", mode: "history" }, { query: "to find", mode: "message" }];
  const before = await Promise.all(asked.map(search));
  const git = newRepository(folder.at("site"));
  for (const [key, value] of ODD_CONFIGURATION) git("config", key, value);
  git.write(".git/order", "");
  expect(await Promise.all(asked.map(search))).toEqual(before);
});

test("text that looks like an option or a pattern is taken literally", async () => {
  for (const query of ["--open-files-in-pager=touch pwned", "-O", "-f/etc/passwd", "$(touch pwned)"]) {
    for (const mode of ["content", "history", "message"]) {
      const { matches, commits } = await search({ query, mode });
      expect(matches ?? commits).toEqual([]);
    }
  }
  expect(folder.list()).toEqual(["site"]);
  expect(await error("git_search", { repo_path: "site", query: "a\nb" })).toMatch(/^invalid_input: query is one line/);
});
