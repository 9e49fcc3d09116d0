import { existsSync, rmSync, symlinkSync } from "node:fs";
import { useServer } from "@org/server-kit/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, newRepository, ODD_CONFIGURATION } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [path] });
const diff = async (args: Record<string, unknown>) => (await ok("git_diff", args)).blocks;
/** Without the tag, which is different each time. */
const body = async (args: Record<string, unknown>) => (await diff(args))[0]?.replace(/^<.*>\n|<\/.*>$/g, "") ?? "";

test("lines are counted with git's default algorithm, where its algorithms differ", async () => {
  const git = newRepository(folder.at("lines"));
  git.write("lines.txt", "b\nx\na\nb\na\nx\n");
  git.commit("First");
  git.write("lines.txt", "b\na\nb\nx\nx\nb\n");
  expect(git("diff", "--diff-algorithm=histogram", "--numstat")).toBe("3\t3\tlines.txt");
  expect(await body({ repo_path: "lines" })).toContain("M lines.txt +2 -2\n");
});

describe("between revisions", () => {
  let git: Git;
  beforeAll(() => {
    git = newRepository(folder.at("site"));
    git.write("a -> b {c}.txt", "one\ntwo\nthree\nfour\n");
    git.write("bin", "\0one");
    git.write("run.sh", "#!/bin/sh\n");
    git.write(Buffer.from("caf\xe9", "latin1"), "caf\xe9 one\n");
    git.write("latin.txt", Buffer.from("Gr\xfc\xdfe\n", "latin1"));
    git.write("min.js", `${"x".repeat(100_000)}\n`);
    git.commit("First");
    git("checkout", "-q", "-b", "feature");
    git("mv", "a -> b {c}.txt", "n {=> m}.txt");
    git.write("n {=> m}.txt", "one\ntwo\nthree\nfour\nfive\u202e\n");
    git.write("bin", "\0two");
    git("update-index", "--chmod=+x", "run.sh");
    git.write(Buffer.from("caf\xe9", "latin1"), "two\n");
    git.write("latin.txt", Buffer.from("Gr\xfc\xdfe 2\n", "latin1"));
    git.write("min.js", `${"y".repeat(100_000)}\n`);
    git.write("big.asset", `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12345\n`);
    rmSync(folder.at("site/run.sh"));
    symlinkSync("latin.txt", folder.at("site/run.sh"));
    git.commit("Second");
    git("checkout", "-q", "main");
    git.write("main.txt", "main\n");
    git.commit("Main goes on");
  });

  test("lists all files with the kind of change first, then their changes", async () => {
    const [text, facts] = await diff({ repo_path: "site", from: "main~1", to: "feature" });
    expect(text).toContain(
      [
        "A big.asset +3 -0",
        "M bin binary, 4 bytes, now 4",
        'M "caf\\351" +1 -1',
        "M latin.txt +1 -1",
        "M min.js +1 -1",
        "R a -> b {c}.txt => n {=> m}.txt (82% the same) +1 -0",
        "T run.sh +1 -1",
      ]
        .join("\n")
        .replace("(82% the same)", text?.match(/\(\d+% the same\)/)?.[0] ?? "none"),
    );
    expect(text).toContain("+five⟨U+202E⟩\n");
    expect(text).toContain("-Gr⟨byte FC⟩⟨byte DF⟩e\n");
    expect(text).toContain("(Git LFS pointers: the contents lie outside of git's objects)");
    expect(text).toMatch(/-x{398}… \(100,001 bytes, shortened\)\n\+y{398}…/);
    expect(text).toMatch(/\+\+\+ b\/bin\n\(binary, 4 bytes, now 4\)/);
    expect(text).toContain('--- a/"caf\\351"');
    expect(text).toMatch(/\+\+\+ b\/run\.sh\n\(mode 100644, now 120000\)/);
    expect(facts).toMatch(/branch main, from \w{12} to \w{12}, 7 files, \+8 -4, diff of files 1 to 7$/);
  });

  test("compares from the merge base, as a pull request does", async () => {
    expect(await body({ repo_path: "site", from: "main", to: "feature", merge_base: true })).not.toContain("main.txt");
    expect(await body({ repo_path: "site", from: "main", to: "feature" })).toContain("D main.txt");
  });

  test("no configuration changes anything", async () => {
    const asked = { repo_path: "site", from: "main", to: "feature", context_lines: 1 };
    const before = await body(asked);
    git.write("latin.txt", "unstaged\n");
    const unstaged = await body({ repo_path: "site" });
    for (const [key, value] of ODD_CONFIGURATION) git("config", key, value);
    git.write(".git/order", "z*\n");
    git.write(".gitattributes", "*.txt diff=odd\n");
    git("config", "diff.odd.command", "false");
    git("config", "diff.odd.textconv", "false");
    expect(await body(asked)).toBe(before);
    expect(await body({ repo_path: "site" })).toBe(unstaged);
    git("config", "--remove-section", "diff");
    git("checkout", "-q", "latin.txt");
  });

  test("paths limit the diff, also by both names of a rename, and pathspec magic is taken literally", async () => {
    expect(await body({ repo_path: "site", from: "main", to: "feature", paths: ["bin"] })).toMatch(
      /^M bin binary, 4 bytes, now 4\n\n--- a\/bin/,
    );
    const both = await body({
      repo_path: "site",
      from: "main",
      to: "feature",
      paths: ["a -> b {c}.txt", "n {=> m}.txt"],
    });
    expect(both).toMatch(/^R a -> b \{c\}\.txt => n \{=> m\}\.txt/);
    expect(await ok("git_diff", { repo_path: "site", from: "main", to: "feature", paths: [":!bin"] })).toMatchObject({
      text: expect.stringMatching(/no differences; paths are names and not patterns: .*; git_status shows what else/),
    });
    const shown = await ok("git_show", { repo_path: "site", revision: "feature", paths: ["*.txt"] });
    expect(shown.text).toMatch(/; paths are names and not patterns: [^;]*$/);
  });

  test.each([
    [{ from: "--output=pwned", to: "main" }, /^not_found|^invalid_input/],
    [{ from: "main", to: "--no-index" }, /^not_found|^invalid_input/],
    [{ to: "main" }, /to needs from/],
    [{ from: "main", to: "feature", scope: "all" }, /exclude each other/],
    [{ from: "main", scope: "unstaged" }, /leave from out/],
    [{ merge_base: true }, /needs from/],
    [{ paths: ["/etc/hostname", "/dev/null"] }, /^access_denied/],
    [{ paths: ["../other"] }, /^access_denied/],
    [{ paths: [".git/config"] }, /^access_denied/],
  ])("%j is refused", async (args, words) => {
    expect(await error("git_diff", { repo_path: "site", ...args })).toMatch(words);
    expect(existsSync(folder.at("site/pwned"))).toBe(false);
  });
});

describe("of the work tree", () => {
  test("unstaged, staged, both, and before the first commit", async () => {
    const git = newRepository(folder.at("work"));
    git.write("new.txt", "new\n");
    git("add", "new.txt");
    expect(await body({ repo_path: "work", scope: "staged" })).toContain("A new.txt +1 -0");
    expect(await body({ repo_path: "work", scope: "all" })).toContain("A new.txt +1 -0");
    expect((await ok("git_diff", { repo_path: "work" })).text).toMatch(
      /main \(no commits yet\), unstaged changes, no differences/,
    );
    git.commit("First");
    git.write("new.txt", "staged\n");
    git("add", "new.txt");
    git.write("new.txt", "unstaged\n");
    expect(await body({ repo_path: "work" })).toContain("-staged\n+unstaged\n");
    expect(await body({ repo_path: "work", scope: "staged" })).toContain("-new\n+staged\n");
    expect(await body({ repo_path: "work", scope: "all" })).toContain("-new\n+unstaged\n");
    expect(await body({ repo_path: "work", from: "main", scope: "all" })).toContain("-new\n+unstaged\n");
  });

  test("a conflict is shown once, against our side", async () => {
    const git = newRepository(folder.at("conflict"));
    git.write("both.txt", "base\n");
    git.write("gone.txt", "base\n");
    git.commit("Base");
    git("checkout", "-q", "-b", "theirs");
    git.write("both.txt", "theirs\n");
    git("rm", "-q", "gone.txt");
    git.commit("Theirs");
    git("checkout", "-q", "main");
    git.write("both.txt", "ours\n");
    git.write("gone.txt", "ours\n");
    git.commit("Ours");
    expect(() => git("merge", "theirs")).toThrow();
    const text = await body({ repo_path: "conflict" });
    expect(text).toMatch(/^U both\.txt \+4 -0 in conflict\nU gone\.txt \+0 -0 in conflict\n/);
    expect(text).toContain(
      "(in conflict: compared with our side)\n@@ -1 +1,5 @@\n+<<<<<<< HEAD\n ours\n+=======\n+theirs\n+>>>>>>> theirs\n",
    );
  });

  test("pages add up; a change between them is noticed", async () => {
    const git = newRepository(folder.at("pages"));
    for (let at = 0; at < 30; at += 1) git.write(`f${at}.txt`, "");
    git.commit("Empty");
    for (let at = 0; at < 30; at += 1) git.write(`f${at}.txt`, `${"line of text\n".repeat(300)}`);
    const seen: string[] = [];
    let [text = "", facts = ""] = await diff({ repo_path: "pages" });
    expect(text).toContain("M f29.txt +300 -0");
    const cursor = () => /next cursor: (\S+)$/.exec(facts)?.[1];
    const first = cursor();
    for (;;) {
      seen.push(text);
      if (cursor() === undefined) break;
      [text = "", facts = ""] = await diff({ repo_path: "pages", cursor: cursor() });
    }
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.join("\n").match(/^\+line of text$/gm)).toHaveLength(9_000);
    git.write("f7.txt", "other\n");
    expect(await error("git_diff", { repo_path: "pages", cursor: first })).toMatch(
      /^conflict: .*Ask again without cursor/,
    );
  });

  test("a submodule is its commit, and nothing runs in it", async () => {
    const git = newRepository(folder.at("super"));
    const id = "1234567890123456789012345678901234567890";
    git("update-index", "--add", "--cacheinfo", `160000,${id},lib`);
    git.write("x", "x");
    git("add", "x");
    expect(await body({ repo_path: "super", scope: "staged" })).toContain(`A lib +1 -0 submodule`);
    expect(await body({ repo_path: "super", scope: "staged" })).toContain(`+Subproject commit ${id}`);
  });
});

describe("git_show", () => {
  const show = async (args: Record<string, unknown>) => (await ok("git_show", { repo_path: "shown", ...args })).blocks;
  beforeAll(() => {
    const git = newRepository(folder.at("shown"));
    git.write("a.txt", "a\n");
    git.commit("Root\n\nIt begins.\n\nCo-authored-by: Grace <grace@example.com>");
    git("tag", "-a", "v1", "-m", "The first\n\nHas \u200b hidden.");
    git("checkout", "-q", "-b", "side");
    git.write("side.txt", "side\n");
    git.commit("Side");
    git("checkout", "-q", "main");
    git.write("main.txt", "main\n");
    git.commit("Main");
    git("merge", "-q", "-m", "Merge side", "side");
  });

  test("a tag, the root commit and its diff", async () => {
    const [text, facts] = await show({ revision: "v1" });
    expect(text).toMatch(
      /tag v1\nAda Lovelace <ada@example\.com>, 2026-03-01T\S+ \(\+0100\)\n\n {4}The first\n\n {4}Has ⟨U\+200B⟩ hidden\./,
    );
    expect(text).toMatch(
      /commit \w{40} \(tag v1\)\nAda[\s\S]*It begins\.\n\n {4}Co-authored-by: Grace[\s\S]*A a\.txt \+1 -0\n\n--- \/dev\/null\n\+\+\+ b\/a\.txt/,
    );
    expect(facts).toMatch(/branch main, commit \w{40}, 1 file, \+1 -0, diff of file 1$/);
  });

  test("a merge shows what it brought in", async () => {
    const [text, facts] = await show({});
    expect(text).toMatch(/merge of \w{12} \w{12}[\s\S]*A side\.txt/);
    expect(text).not.toContain("main.txt");
    expect(facts).toContain("compared with its first parent");
  });

  test("paths limit the diff, and never show another commit", async () => {
    const [text] = await show({ revision: "main^", paths: ["a.txt"] });
    expect(text).toContain("    Main\n");
    expect(text).not.toContain("main.txt");
  });

  test("anything but a commit is refused with what to call instead", async () => {
    expect(await error("git_show", { repo_path: "shown", revision: "HEAD:a.txt" })).toMatch(
      /^invalid_input: .*is not a commit/,
    );
    expect(await error("git_show", { repo_path: "shown", revision: "--output=x" })).toMatch(
      /^not_found|^invalid_input/,
    );
  });
});

test("a change of the same length in the second of the last staging is noticed", async () => {
  const git = newRepository(folder.at("racy"));
  git.write("f.txt", "one\n");
  git.commit("First");
  for (const text of ["two\n", "six\n", "ten\n"]) {
    git.write("f.txt", text);
    expect(await body({ repo_path: "racy" })).toContain(`-one\n+${text}`);
  }
});
