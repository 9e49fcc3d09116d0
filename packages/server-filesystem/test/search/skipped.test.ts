import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const latin = Buffer.from("caf\xe9 needle\n", "latin1");
const { folder, ok } = useServer({
  files: {
    "a/.gitignore": "*.log\nbuild/\n",
    "a/x.log": "needle\n",
    "a/build/y.txt": "needle\n",
    "only/.ignore": "*\n",
    "only/z.txt": "needle\n",
    "enc/latin.txt": latin,
    "enc/plain.txt": "needle\n",
    "enc/cut.txt": Buffer.from("needle, and a half: é").subarray(0, -1),
    "enc/padded.txt": "needle\n\0\0\0",
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`many/${n}.txt`, latin])),
    "outer/.gitignore": "inner.txt\nsub\nfree/\n",
    "outer/inner.txt": "needle\n",
    "outer/repo/.git/info/exclude": "private.txt\n",
    "outer/repo/.git/HEAD": "needle\n",
    "outer/repo/.gitignore": "!kept.txt\n",
    "outer/repo/inner.txt": "needle\n",
    "outer/repo/private.txt": "needle\n",
    "outer/repo/deep/sub/f.txt": "needle\n",
    "outer/repo/free/f.txt": "needle\n",
    "outer/linked/.git": "gitdir: elsewhere\n",
    "outer/linked/inner.txt": "needle\n",
  },
});

async function search(path: string, more: Readonly<Record<string, unknown>> = {}) {
  const { blocks } = await ok("search_content", { path, query: "needle", ...more });
  const [body = "", facts = ""] = blocks;
  return { lines: body.split("\n"), facts };
}

test("entries hidden by ignore files are counted, with advice on how to search them", async () => {
  const { lines, facts } = await search("a");
  expect(lines).toEqual(["(no matches)"]);
  expect(facts).toMatch(
    /^0 matching lines in 0 files, 1 file searched, 1 file and 1 directory skipped by ignore files/,
  );
  expect(facts).toContain("include_ignored: true");
  expect(facts).not.toContain("complete");
  const all = await search("a", { include_ignored: true });
  expect(all.lines).toEqual(["a/build/y.txt:1:needle", "a/x.log:1:needle"]);
  expect(all.facts).toContain("3 files searched, complete");
});

test("a directory whose every file is ignored is never called complete", async () => {
  const { facts } = await search("only");
  expect(facts).toMatch(/^0 matching lines in 0 files, 0 files searched, 2 files skipped by ignore files/);
  expect(facts).not.toContain("complete");
});

test("entries that include passes over are not counted as ignored", async () => {
  expect((await search("a", { include: ["*.md"] })).facts).toMatch(/0 files searched, 1 directory skipped/);
});

test("files that are not UTF-8 are named, up to five, and their valid parts are searched", async () => {
  const { lines, facts } = await search("enc");
  expect(lines).toEqual([
    "enc/cut.txt:1:needle, and a half: \uFFFD",
    "enc/latin.txt:1:caf\uFFFD needle",
    "enc/padded.txt:1:needle",
    "enc/plain.txt:1:needle",
  ]);
  expect(facts).toContain('only ASCII and UTF-8 text searched in 1 file not in UTF-8: "enc/latin.txt"');
  expect(facts).not.toContain("complete");
  // Even when nothing in it matches.
  expect((await search("enc", { query: "é" })).facts).toContain('"enc/latin.txt"');
  const many = (await search("many")).facts;
  expect(many).toContain('7 files not in UTF-8: "many/1.txt", "many/2.txt", "many/3.txt", "many/4.txt", "many/5.txt"');
  expect(many).toContain("and 2 more");
});

test("a repository stops ignore files above it, and has rules of its own", async () => {
  const kept = [
    "outer/repo/deep/sub/f.txt:1:needle",
    "outer/repo/free/f.txt:1:needle",
    "outer/repo/inner.txt:1:needle",
  ];
  expect((await search("outer")).lines).toEqual(["outer/linked/inner.txt:1:needle", ...kept]);
  expect((await search("outer/repo")).lines).toEqual(kept);
  // From within the repository, whose own exclude file counts there too.
  expect((await search("outer/repo/deep")).lines).toEqual([kept[0]]);
  folder.write("outer/repo/deep/private.txt", "needle\n");
  expect((await search("outer/repo/deep")).lines).toEqual([kept[0]]);
  expect((await search("outer", { include: ["inner.txt"] })).facts).toContain("skipped by ignore files");
});

test.each([
  ["src", ["inc/lib/src/b.ts", "inc/src/a.ts"]],
  ["src/", ["inc/lib/src/b.ts", "inc/src/a.ts"]],
  ["/src", ["inc/src/a.ts"]],
  ["lib/src", ["inc/lib/src/b.ts"]],
  ["lib/**", ["inc/lib/src/b.ts"]],
  ["*.ts, *.md", ["inc/lib/src/b.ts", "inc/readme.md", "inc/src/a.ts"]],
  ["{lib,src}/**", ["inc/lib/src/b.ts", "inc/src/a.ts"]],
])("include %j searches what exclude %j leaves out", async (glob, paths) => {
  for (const name of ["src/a.ts", "lib/src/b.ts", "readme.md", "other.txt"]) folder.write(`inc/${name}`, "needle\n");
  const all = ["inc/lib/src/b.ts", "inc/other.txt", "inc/readme.md", "inc/src/a.ts"];
  for (const list of [glob, glob.split(", ")]) {
    expect((await search("inc", { include: list, output: "files" })).lines).toEqual(paths);
    const rest = all.filter((path) => !paths.includes(path));
    expect((await search("inc", { exclude: list, output: "files" })).lines).toEqual(rest);
  }
});
