import { useServer } from "@org/server-kit/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { gitIn, newRepository } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [path] });
const SHALLOW = /history ends here \(shallow clone\)/;
let boundary = "";

beforeAll(() => {
  const origin = newRepository(folder.at("origin"));
  origin.write("f.txt", "old line\n");
  origin.commit("The origin");
  origin("tag", "old");
  for (const word of ["one", "two", "three"]) {
    origin.write("f.txt", `old line\n${word}\n`);
    origin.commit(`Write ${word}`);
  }
  gitIn(folder.path)("clone", "-q", "--depth", "2", `file://${folder.at("origin")}`, "shallow");
  boundary = gitIn(folder.at("shallow"))("rev-parse", "HEAD~1");
});

describe("a shallow clone", () => {
  const asked = async (tool: string, args: Record<string, unknown>) => ok(tool, { repo_path: "shallow", ...args });

  test("a log says where history ends, and does not show all files as new there", async () => {
    const { value } = await asked("git_log", { stats: true });
    expect(value.commits).toMatchObject([
      { subject: "Write three", files: [{ status: "M" }] },
      { id: boundary, parents: [], history_ends: true },
    ]);
    expect(JSON.stringify(value.commits)).not.toContain('"status":"A"');
    expect(value.note).toMatch(SHALLOW);
    expect((await asked("git_log", { max_count: 1 })).value.note).toBeUndefined();
  });

  test("a blame never names the boundary as the origin of a line", async () => {
    const [text = "", facts] = (await asked("git_blame", { path: "f.txt" })).blocks;
    const id = boundary.slice(0, 10);
    expect(text).toContain(`^${id} or older: history ends here\n`);
    expect(text).toContain(`1 ^${id} old line\n`);
    expect(text).not.toContain("Write two");
    expect(text).toMatch(/2 (?!\^)\w{10} three\n/);
    expect(facts).toMatch(/for lines marked \^ the origin is unknown: history ends here/);
  });

  test("a search through history says that the text may be older", async () => {
    const { value } = await asked("git_search", { query: "old line", mode: "history" });
    expect(value.commits).toMatchObject([{ id: boundary, history_ends: true }]);
    expect(value.note).toMatch(/what the commit where history ends had is older than it; history ends here/);
    expect((await asked("git_search", { query: "never there", mode: "history" })).value.note).toMatch(SHALLOW);
  });

  test("an ancestor beyond the boundary is not called missing", async () => {
    expect(await error("git_diff", { repo_path: "shallow", from: "HEAD~3" })).toMatch(
      /^not_found: no revision "HEAD~3" in this repository: history ends here before it \(shallow clone\)/,
    );
    expect(await error("git_diff", { repo_path: "origin", from: "main~9^2" })).toMatch(
      /^not_found: no revision "main~9\^2" in this repository: "main" exists, but has no such ancestor/,
    );
  });

  test("the boundary itself is shown without an invented diff", async () => {
    const [text, facts] = (await asked("git_show", { revision: boundary })).blocks;
    expect(text).toContain("history ends here: its parents are not in this repository");
    expect(text).not.toContain("+old line");
    expect(facts).toMatch(/what it changed is unknown: history ends here/);
  });

  test("two branches with no common commit here may still have one", async () => {
    const git = gitIn(folder.at("shallow"));
    git("checkout", "-q", "--orphan", "apart");
    git.commit("Apart");
    expect(await error("git_diff", { repo_path: "shallow", from: "HEAD~0", to: boundary, merge_base: true })).toMatch(
      /share no commit in this repository\. What they share may be older: history ends here/,
    );
  });
});

test("in a partial clone, a call that needs missing contents is refused and nothing is fetched", async () => {
  const origin = gitIn(folder.at("origin"));
  origin("config", "uploadpack.allowFilter", "true");
  gitIn(folder.path)("clone", "-q", "--filter=blob:none", `file://${folder.at("origin")}`, "partial");
  const objects = () => gitIn(folder.at("partial"))("count-objects", "-v");
  const before = objects();
  const asked = { repo_path: "partial" };
  expect((await ok("git_log", asked)).text).toContain("The origin");
  expect((await ok("git_read_file", { ...asked, path: "f.txt" })).text).toContain("three");
  for (const [tool, args] of [
    ["git_show", { revision: "HEAD~2" }],
    ["git_read_file", { path: "f.txt", revision: "old" }],
    ["git_blame", { path: "f.txt" }],
    ["git_search", { query: "old line", mode: "history" }],
  ] as const) {
    expect(await error(tool, { ...asked, ...args })).toMatch(/^unavailable: .*partial clone/);
  }
  expect(objects()).toBe(before);
});

test("grafts are ignored, as replacements are", async () => {
  const git = gitIn(folder.at("origin"));
  const [head, root] = [git("rev-parse", "HEAD"), git("rev-list", "--max-parents=0", "HEAD")];
  git.write(".git/info/grafts", `${head} ${root}\n`);
  git("replace", "HEAD~1", root);
  const { value } = await ok("git_log", { repo_path: "origin" });
  expect(value.commits).toMatchObject([
    { subject: "Write three" },
    { subject: "Write two" },
    { subject: "Write one" },
    { id: root },
  ]);
  expect((await ok("git_show", { repo_path: "origin", revision: "HEAD~1" })).text).toContain("Write two");
});

test("a complete history gets none of these notes", async () => {
  const git = newRepository(folder.at("whole"));
  git.write("f.txt", "text\n");
  git.commit("Root");
  expect((await ok("git_log", { repo_path: "whole" })).value.note).toBeUndefined();
  expect((await ok("git_blame", { repo_path: "whole", path: "f.txt" })).text).not.toContain("^");
});
