import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const files = {
  ".gitignore": "ignored\n*.log\n!kept.log\n",
  ".git/config": "needle",
  "a.txt": "one\ntwo needle\nthree\n",
  "b/c.ts": "needle one\r\nNeedle two\r\n",
  "b/d.log": "needle",
  "b/kept.log": "needle",
  "b/.ignore": "secret",
  "b/secret": "needle",
  "ignored/x": "needle",
  "bin.dat": "needle\0\x01",
  "utf16.txt": Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("eins\nzwei needle\n", "utf16le")]),
  "umlaut.txt": "ÄPFEL needle\n",
  "bom.txt": "\uFEFFneedle first\n",
};
const { folder, ok, error } = useServer({ files });
const cleanup = useCleanup();

type Value = Readonly<Record<string, unknown>>;

async function search(args: Value): Promise<{ readonly body: string; readonly facts: string }> {
  const { blocks } = await ok("search_content", { path: "", query: "needle", ...args });
  return { body: blocks[0] ?? "", facts: blocks[1] ?? "" };
}
const lines = async (args: Value) => (await search(args)).body.split("\n");

test("lines are reported in grep's format, ignored and binary files left out", async () => {
  const { body, facts } = await search({});
  expect(body.split("\n")).toEqual([
    "a.txt:2:two needle",
    "b/c.ts:1:needle one",
    "b/kept.log:1:needle",
    "bom.txt:1:\uFEFFneedle first".replace("\uFEFF", ""),
    "umlaut.txt:1:ÄPFEL needle",
    "utf16.txt:2:zwei needle",
  ]);
  expect(facts).toBe(
    [
      "6 matching lines in 6 files, 8 files searched",
      "2 files and 1 directory skipped by ignore files (include_ignored: true searches them)",
      "1 binary file skipped",
    ].join(", "),
  );
});

test("a list of globs may come as JSON text, as some hosts send it", async () => {
  expect(await lines({ include: '["*.ts", "a.*"]' })).toEqual(await lines({ include: ["*.ts", "a.*"] }));
  expect(await lines({ exclude: "[]" })).toEqual(await lines({}));
  expect(await lines({ include: "[ab].txt" })).toEqual(["a.txt:2:two needle"]);
});

test("an ignored path is searched when it is named", async () => {
  const body = await lines({ include_ignored: true });
  expect(body).toContain("ignored/x:1:needle");
  expect(body).toContain(".git/config:1:needle");
  expect(body).toContain("b/secret:1:needle");
});

test("the rules of the directories above count, even for a search below", async () => {
  expect(await lines({ path: "b" })).toEqual(["b/c.ts:1:needle one", "b/kept.log:1:needle"]);
  // A path that is named explicitly is searched.
  expect(await lines({ path: "ignored" })).toEqual(["ignored/x:1:needle"]);
  expect(await lines({ path: "b/d.log" })).toEqual(["b/d.log:1:needle"]);
});

test("lines around a match are numbered, and groups are separated", async () => {
  folder.write("ctx/f", "1\n2\nneedle 3\n4\n5\n6\n7\n8\nneedle 9\n");
  cleanup(() => rmSync(folder.at("ctx"), { recursive: true }));
  expect((await search({ path: "ctx", context_lines: 1 })).body).toBe(
    "ctx/f-2-2\nctx/f:3:needle 3\nctx/f-4-4\n--\nctx/f-8-8\nctx/f:9:needle 9",
  );
});

test("case can be ignored, in any script, and expressions are those of JavaScript", async () => {
  expect(await lines({ query: "äpfel", case_sensitive: false })).toEqual(["umlaut.txt:1:ÄPFEL needle"]);
  expect(await lines({ query: "NEEDLE", case_sensitive: false, path: "b/c.ts" })).toEqual([
    "b/c.ts:1:needle one",
    "b/c.ts:2:Needle two",
  ]);
  expect(await lines({ query: "^(needle|Needle)\\s\\w+$", regex: true, path: "b/c.ts" })).toHaveLength(2);
  expect(await lines({ query: "needle.", regex: false })).toEqual(["(no matches)"]);
});

test("globs choose files, as one or as several", async () => {
  expect(await lines({ include: "*.ts" })).toEqual(["b/c.ts:1:needle one"]);
  expect(await lines({ include: ["*.ts", "a.*"] })).toEqual(["a.txt:2:two needle", "b/c.ts:1:needle one"]);
  expect(await lines({ exclude: ["b", "*.txt"] })).toEqual(["(no matches)"]);
});

test("pages continue where the previous one ended, within files too", async () => {
  for (let file = 0; file < 9; file += 1) {
    folder.write(
      `pages/d${file % 3}/f${file}`,
      Array.from({ length: 7 }, (_, line) => `needle ${file}.${line}\n`).join(""),
    );
  }
  cleanup(() => rmSync(folder.at("pages"), { recursive: true }));
  const all = await lines({ path: "pages" });
  expect(all).toHaveLength(63);
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
    const { body, facts } = await search({ path: "pages", limit: 10, ...(page > 0 && { cursor }) });
    seen.push(...body.split("\n"));
    cursor = /more follow: cursor (\S+)$/.exec(facts)?.[1];
  }
  expect(seen).toEqual(all);
});

test("a result is no larger than it may be, and long lines are cut around the match", async () => {
  folder.write("large/f", `${"x".repeat(100_000)} needle ${"y".repeat(100_000)}\n`.repeat(2));
  folder.write("large/g", `needle ${"z".repeat(300)}\n`.repeat(1000));
  cleanup(() => rmSync(folder.at("large"), { recursive: true }));
  const { body, facts } = await search({ path: "large", limit: 1000 });
  expect(body.length).toBeLessThan(40_000);
  expect(body.split("\n")[0]).toMatch(/^large\/f:1:…x{99} needle y{293}…$/);
  expect(facts).toMatch(/^\d+ matching lines in 2 files shown, more follow: cursor \S+$/);
});

test("a file of many megabytes is searched to its end, lines and all", async () => {
  const line = "some text of a line that says nothing\n";
  folder.write("big.txt", `${line.repeat(100_000)}the needle\n${line.repeat(10)}${"q".repeat(3_000_000)}needle`);
  cleanup(() => rmSync(folder.at("big.txt")));
  const body = await lines({ path: "big.txt", context_lines: 1 });
  expect(body.slice(0, 3)).toEqual([
    "big.txt-100000-some text of a line that says nothing",
    "big.txt:100001:the needle",
    "big.txt-100002-some text of a line that says nothing",
  ]);
  expect(body.at(-1)).toMatch(/^big.txt:100012:…q+needle$/);
});

test("FIFOs, links and names that are not UTF-8 are not opened", async () => {
  const at = folder.at("odd");
  mkdirSync(at);
  cleanup(() => rmSync(at, { recursive: true }));
  execFileSync("mkfifo", [`${at}/fifo`]);
  symlinkSync("../a.txt", `${at}/link`);
  symlinkSync("/etc/passwd", `${at}/out`);
  symlinkSync("..", `${at}/loop`);
  writeFileSync(Buffer.concat([Buffer.from(`${at}/x`), Buffer.from([0xff])]), "needle");
  writeFileSync(`${at}/${"n".repeat(255)}`, "needle");
  const { body, facts } = await search({ path: "odd", query: "e", include_ignored: true });
  expect(body).toBe(`odd/${"n".repeat(255)}:1:needle`);
  expect(facts).toContain("1 could not be read");
});

test.each<[args: Value, words: string]>([
  [{ query: "" }, "query"],
  [{ query: "a\nb" }, "never span lines"],
  [{ query: "(", regex: true }, "not a JavaScript regular expression"],
  [{ query: "a\\nb", regex: true }, "never span lines"],
  [{ path: "none" }, "does not exist"],
  [{ path: "/etc" }, "outside the allowed directories"],
  [{ include: "[" }, "include"],
  [{ cursor: "e30" }, "cursor: pass the cursor from the previous page"],
  [{ limit: 0 }, "limit"],
])("%j is refused", async (args, words) => {
  expect(await error("search_content", { path: "", query: "needle", ...args })).toContain(words);
});
