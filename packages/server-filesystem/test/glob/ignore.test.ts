import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { addRules, type IgnoreRules, isIgnored } from "../../src/glob/ignore.ts";

const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  HOME: "/nonexistent",
};

function makeRepository(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "ignore-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync("git", ["init", "-q", folder], { env: environment });
  return folder;
}

type Tree = Readonly<Record<string, string>>;

/** The files that git would not add. */
function ignoredByGit(folder: string, files: Tree): string[] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const input = Object.keys(files).join("\0");
  try {
    const said = execFileSync("git", ["-C", folder, "check-ignore", "-z", "--stdin", "--no-index"], {
      input,
      env: environment,
    });
    return said
      .toString()
      .split("\0")
      .filter((name) => name !== "")
      .sort();
  } catch (error) {
    // It exits with 1 when nothing is ignored.
    if (error instanceof Error && "status" in error && error.status === 1) return [];
    throw error;
  }
}

function ignoredByUs(files: Tree): string[] {
  return Object.keys(files)
    .filter((file) => {
      const names = file.split("/");
      let rules: IgnoreRules | undefined;
      for (let depth = 0; depth < names.length; depth += 1) {
        const above = names.slice(0, depth).join("/");
        const text = files[above === "" ? ".gitignore" : `${above}/.gitignore`];
        if (text !== undefined) rules = addRules(rules, above, [text]);
        if (isIgnored(rules, names.slice(0, depth + 1).join("/"), depth + 1 < names.length)) return true;
      }
      return false;
    })
    .sort();
}

test.each<[what: string, ignore: string]>([
  ["a name at any depth", "a.txt\nsub"],
  ["an anchored name", "/a.txt\nsub/b.txt"],
  ["directories alone", "sub/\na.txt/"],
  ["what is included again", "*.txt\n!b.txt\n"],
  ["nothing in an excluded directory is included again", "sub/\n!sub/a.txt"],
  ["all but one directory", "/*\n!/sub\n/sub/*\n!/sub/deep"],
  ["stars over directories", "**/deep\nsub/**/a.txt\n"],
  ["stars at the end", "sub/**\n!sub/deep/"],
  ["stars within a name", "su**b\na**t"],
  ["sets", "[ab].txt\n[!a].md\n[[:digit:]]*"],
  ["escapes", "\\#x\n\\!y\nwith\\ blank\\ \n"],
  ["comments, blanks, carriage returns", "# a.txt\n\n   \nb.txt   \r\n"],
  ["a set that does not end", "[a\nb.txt"],
  ["a backslash at the end", "a.txt\\\nb.txt"],
  ["question marks", "?.txt"],
  ["braces are characters", "{a,b}.txt"],
])("%s: as git has it", (_what, ignore) => {
  const folder = makeRepository();
  const names = [
    "a.txt",
    "b.txt",
    "#x",
    "!y",
    "with blank ",
    "1.md",
    "a.md",
    "sub/a.txt",
    "sub/b.txt",
    "sub/deep/a.txt",
  ];
  const more = ["sub/deep/er/b.txt", "other/deep/x", "suXb/x", "aXt", "[a", "{a,b}.txt"];
  const files = { ".gitignore": ignore, ...Object.fromEntries([...names, ...more].map((name) => [name, ""])) };
  expect(ignoredByUs(files)).toEqual(ignoredByGit(folder, files));
});

test("a file further down decides before one above, as git has it", () => {
  const folder = makeRepository();
  const files = {
    ".gitignore": "*.log\n/sub/keep\n",
    "sub/.gitignore": "!important.log\nkeep2\n/anchored\n",
    "sub/important.log": "",
    "sub/other.log": "",
    "sub/keep": "",
    "sub/keep2": "",
    "sub/deep/keep2": "",
    "sub/deep/anchored": "",
    "sub/anchored": "",
    "sub/deep/.gitignore": "!*.log\nimportant.log",
    "sub/deep/important.log": "",
    "sub/deep/x.log": "",
  };
  expect(ignoredByUs(files)).toEqual(ignoredByGit(folder, files));
});

test("generated trees and rules are ignored as git ignores them", () => {
  const name = fc.constantFrom("a", "b", "ab", "c.txt");
  const file = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `${names.join("/")}.x`);
  const part = fc.constantFrom("a", "b", "ab", "*", "**", "?", "a*", "*.x", "*b*", "[ab]", "[!a]", "c.txt.x");
  const rule = fc
    .tuple(
      fc.constantFrom("", "!", "/", "!/"),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.constantFrom("", "/", " "),
    )
    .map(([before, parts, behind]) => before + parts.join("/") + behind);
  const text = fc.array(rule, { maxLength: 5 }).map((rules) => rules.join("\n"));
  const ignores = fc.dictionary(fc.constantFrom(".gitignore", "a/.gitignore", "a/b/.gitignore"), text, { minKeys: 1 });
  const tree = fc.tuple(ignores, fc.uniqueArray(file, { minLength: 1, maxLength: 12 }));
  fc.assert(
    fc.property(tree, ([ignores, files]) => {
      const folder = makeRepository();
      const all = { ...ignores, ...Object.fromEntries(files.map((each) => [each, ""])) };
      expect(ignoredByUs(all)).toEqual(ignoredByGit(folder, all));
      rmSync(folder, { recursive: true, force: true });
    }),
    { numRuns: process.env.HEAVY ? 2000 : 30 },
  );
});
