import { join } from "node:path";
import { ERAS, useServer } from "@org/server-kit/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, newRepository, ODD_CONFIGURATION } from "../git.ts";
import { column } from "../values.ts";

const ids: Record<string, string> = {};

/** A history full of things that are often reported wrongly. */
function build(git: Git): void {
  git.write("a -> b {c => d}.txt", "one\ntwo\nthree\nfour\n");
  git.write("logo.png", Buffer.from([0, 1, 2, 3]));
  ids.first = git.commit("First; with | signs\n\ncommit 0000\nAuthor: nobody\n\ndiff --git a/x b/x\n@@ -1 +1 @@\n-x\n");
  git("mv", "a -> b {c => d}.txt", "n\t=> m.txt");
  git("mv", "logo.png", "brand.png");
  git.write("n\t=> m.txt", "one\ntwo\nthree\nfour\nfive\n");
  ids.renamed = git.commit(
    "Rename\n\nWhy not.\n\nCo-authored-by: Grace Hopper <grace@example.com>\nRefs: #1\n  and #2\n",
  );
  git("tag", "-a", "v1.0", "-m", "One");
  const latin = Buffer.from("Gr\xfc\xdfe\n\nvon J\xf6rg\n", "latin1");
  git.run(["-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-F", "-"], { input: latin });
  ids.latin = git("rev-parse", "HEAD");
  for (const name of ["x", "y", "z"]) {
    git("checkout", "-q", "-b", name, ids.renamed ?? "");
    git.write(`${name}.txt`, `${name}\n`);
    ids[name] = git.commit(`Add ${name}`);
  }
  git("checkout", "-q", "main");
  git("merge", "-q", "-m", "Octopus", "x", "y", "z");
  ids.octopus = git("rev-parse", "HEAD");
}

const oddly = (git: Git) => {
  for (const [key, value] of ODD_CONFIGURATION) git("config", key, value);
  git.write(".git/order", "z*\n");
};

describe.each(ERAS)("in the %s era", (era) => {
  const { folder, ok, error } = useServer(gitServer, { era, args: ({ path }) => [path] });
  beforeAll(() => {
    build(newRepository(folder.at("plain")));
    build(newRepository(folder.at("odd")));
    oddly(newRepository(folder.at("odd")));
    newRepository(folder.at("unborn"));
  });
  const log = async (args: Record<string, unknown> = {}) =>
    (await ok("git_log", { repo_path: "plain", ...args })).value;

  test("every field of a commit is exactly what its author wrote", async () => {
    const { commits, branch, work_tree } = await log();
    expect({ branch, work_tree }).toEqual({ branch: "main", work_tree: folder.at("plain") });
    expect(commits).toHaveLength(7);
    expect(commits).toMatchObject([
      { id: ids.octopus, subject: "Octopus", parents: [ids.latin, ids.x, ids.y, ids.z], refs: ["HEAD", "main"] },
      ...[{ subject: "Add z", refs: ["z"] }, { subject: "Add y" }, { subject: "Add x" }],
      { id: ids.latin, subject: "Grüße", body: "von Jörg", encoding: "ISO-8859-1" },
      {
        id: ids.renamed,
        subject: "Rename",
        body: "Why not.",
        refs: ["tag v1.0"],
        co_authors: ["Grace Hopper <grace@example.com>"],
        trailers: [
          { key: "Co-authored-by", value: "Grace Hopper <grace@example.com>" },
          { key: "Refs", value: "#1 and #2" },
        ],
      },
      {
        id: ids.first,
        parents: [],
        author: "Ada Lovelace <ada@example.com>",
        subject: "First; with | signs",
        body: "commit 0000\nAuthor: nobody\n\ndiff --git a/x b/x\n@@ -1 +1 @@\n-x",
      },
    ]);
  });

  test("statistics name renames, binary files and odd names, and a merge's against its first parent", async () => {
    const { commits } = await log({ stats: true });
    expect(commits).toMatchObject([
      { changed: "3 files, +3 -0", files: [{ path: "x.txt" }, { path: "y.txt" }, { path: "z.txt" }] },
      ...[{}, {}, {}],
      { changed: "no differences", files: [] },
      {
        files: [
          { status: "R", from: "logo.png", path: "brand.png" },
          { status: "R", from: "a -> b {c => d}.txt", path: '"n\\t=> m.txt"', added: 1, removed: 0 },
        ],
      },
      { files: [{ status: "A", path: "a -> b {c => d}.txt", added: 4 }, { path: "logo.png" }] },
    ]);
  });

  test("no configuration of the repository changes the answer", async () => {
    for (const args of [
      {},
      { stats: true },
      { paths: ['"n\\t=> m.txt"'], stats: true },
      { author: "ADA", grep: "add" },
    ]) {
      expect((await log({ ...args, repo_path: "odd" })).commits).toEqual((await log(args)).commits);
    }
  });

  test("the history of a file follows its renames", async () => {
    const subjects = ({ commits }: Record<string, unknown>) => JSON.stringify(commits).match(/"subject":"(\w+)/g);
    expect(subjects(await log({ paths: ['"n\\t=> m.txt"'] }))).toEqual(['"subject":"Rename', '"subject":"First']);
    expect(subjects(await log({ ref: "y", paths: ["x.txt", "y.txt"] }))).toEqual(['"subject":"Add']);
  });

  test("pages add up without a gap, even if commits are added in between", async () => {
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const page = await log({ max_count: 2, ref: "main~1", ...(cursor !== undefined && { cursor }) });
      seen.push(...(Array.isArray(page.commits) ? page.commits : []));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual((await log({ ref: "main~1" })).commits);
    expect(await error("git_log", { repo_path: "odd", cursor: "bm8" })).toMatch(/^invalid_input: cursor/);
  });

  test("oldest first, in pages that add up, also for a file and a range", async () => {
    for (const args of [{}, { paths: ["x.txt"] }, { ref: "x~1..main" }, { author: "ada", stats: true }]) {
      const seen: unknown[] = [];
      let cursor: unknown;
      do {
        const page = await log({ ...args, oldest_first: true, max_count: 2, ...(cursor !== undefined && { cursor }) });
        seen.push(...(Array.isArray(page.commits) ? page.commits : []));
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      expect(seen.reverse()).toEqual((await log(args)).commits);
    }
  });

  test("where a branch was before its log begins is unknown", async () => {
    expect((await ok("git_show", { repo_path: "plain", revision: "main@{2026-03-02}" })).text).toContain("Octopus");
    for (const revision of ["main@{2026-02-01}", "main@{20 years ago}:x.txt", "main@{20 years ago}~1"]) {
      const text = await error("git_read_file", { repo_path: "plain", path: "x.txt", revision });
      expect(text, revision).toMatch(/^not_found: .* begins here at .*git_log as until/);
    }
  });

  test("pages of a file's history add up, with other commits between its own and before its rename", async () => {
    const git = newRepository(folder.at("followed"));
    const ids: string[] = [];
    for (let at = 0; at < 6; at++) {
      if (at === 3) git("mv", "old.txt", "new.txt");
      git.write(at < 3 ? "old.txt" : "new.txt", `${"same\n".repeat(20)}${at}\n`);
      ids.unshift(git.commit(`Change ${at}`));
      git.write("other.txt", `${at}\n`);
      git.commit(`Other ${at}`);
    }
    for (const stats of [false, true]) {
      const seen: unknown[] = [];
      let cursor: unknown;
      do {
        const args = { repo_path: "followed", paths: ["new.txt"], max_count: 2, stats };
        const page = await log({ ...args, ...(cursor !== undefined && { cursor }) });
        seen.push(...(Array.isArray(page.commits) ? page.commits : []));
        cursor = page.next_cursor;
      } while (cursor !== undefined && seen.length <= ids.length);
      expect(seen).toMatchObject(ids.map((id) => ({ id })));
    }
  });

  test("ranges, authors, dates and texts limit the log", async () => {
    expect((await log({ ref: "v1.0..x" })).commits).toMatchObject([{ id: ids.x }]);
    expect((await log({ author: "lovelace <ADA@" })).commits).toHaveLength(7);
    expect((await log({ author: "ada.*" })).note).toMatch(/no commit of this branch matches author/);
    expect((await log({ grep: "with | signs" })).commits).toMatchObject([{ id: ids.first }]);
    expect((await log({ until: "2026-02-28" })).commits).toEqual([]);
    expect((await log({ since: "2026-03-01", until: "2026-03-01" })).commits).toHaveLength(7);
    expect(await error("git_log", { repo_path: "plain", since: "soonish" })).toMatch(/"soonish" is not a date/);
    expect(await error("git_log", { repo_path: "plain", since: "2026-02-30" })).toMatch(/is not a date/);
  });

  test("all branches, local and remote, and what is checked out", async () => {
    const git = newRepository(join(folder.path, "branches"));
    const log = (args: object) => ok("git_log", { repo_path: "branches", ...args });
    const subjects = async (args: object) => {
      const { value } = await log({ all_branches: true, ...args });
      return { subjects: column(value.commits, "subject"), next: value.next_cursor };
    };
    expect((await log({ all_branches: true })).value).toMatchObject({ commits: [], note: "no commits in this range" });
    git.commit("Base");
    git("checkout", "-q", "-b", "side");
    git.commit("On side");
    git("update-ref", "refs/remotes/origin/theirs", git("commit-tree", "-p", "main", "-m", "Theirs", "main^{tree}"));
    git("tag", "only-a-tag", git("commit-tree", "-m", "Tagged", "main^{tree}"));
    git("checkout", "-q", "--detach", "main");
    git.commit("On no branch");
    git("checkout", "-q", "--detach", "HEAD");
    const all = (await subjects({})).subjects;
    expect(new Set(all)).toEqual(new Set(["On no branch", "Theirs", "On side", "Base"]));
    const first = await subjects({ max_count: 3 });
    const second = await subjects({ max_count: 3, cursor: first.next });
    expect([...first.subjects, ...second.subjects]).toEqual(all);
    expect((await subjects({ grep: "on side" })).subjects).toEqual(["On side"]);
    expect((await log({ grep: "on side" })).value.note).toMatch(/leave it out, or pass all_branches$/);
    expect((await log({ grep: "nowhere", all_branches: true })).value.note).toMatch(/^no commit of any branch matches/);
    expect(await error("git_log", { repo_path: "branches", all_branches: true, ref: "main" })).toMatch(
      /^invalid_input: ref and all_branches exclude each other/,
    );
    git("checkout", "-q", "--orphan", "fresh");
    expect((await subjects({ oldest_first: true })).subjects).toEqual(["Base", "On side", "Theirs"]);
  });

  test("a branch without commits is reported as such", async () => {
    for (const revision of ["HEAD", "HEAD~1"]) {
      expect(await error("git_show", { repo_path: "unborn", revision })).toMatch(/no commits yet/);
    }
    expect(await log({ repo_path: "unborn" })).toMatchObject({
      commits: [],
      note: expect.stringContaining("nothing to list"),
    });
  });

  test.each(["--output=/tmp/x", "-p", "--all", "HEAD^{/x}..--output=x", "no-such", "HEAD\n--all"])(
    "ref %j is no option",
    async (ref) => {
      expect(await error("git_log", { repo_path: "plain", ref })).toMatch(/^(?:not_found|invalid_input): /);
    },
  );

  test("pathspec magic in a path is taken literally", async () => {
    for (const path of [":(top)x.txt", ":!x.txt", "*.txt", ":/"]) {
      const { commits, note } = await log({ paths: [path] });
      expect(commits).toEqual([]);
      expect(note).toMatch(/paths are names and not patterns/);
    }
    expect(await error("git_log", { repo_path: "plain", paths: ["../odd/x.txt"] })).toMatch(/^access_denied: /);
  });

  test("the text is fenced and says the same as the JSON", async () => {
    const { blocks } = await ok("git_log", { repo_path: "plain", max_count: 1, stats: true });
    expect(blocks[0]).toMatch(
      /^<from-repository-(\w{8})>\ncommit [\s\S]*Octopus[\s\S]*A x\.txt \+1 -0[\s\S]*<\/from-repository-\1>$/,
    );
    expect(blocks[1]).toMatch(/branch main, 1 commit, next cursor: \S+$/);
  });
});
