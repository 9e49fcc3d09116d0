import { useFolder } from "@org/server-kit/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { comparing, type DiffPlace, readDiff } from "../../src/history/diff/compare.ts";
import { statOf } from "../../src/history/diff/stat.ts";
import { readerOf } from "../../src/history/reader.ts";
import type { FileChange } from "../../src/history/types.ts";
import { newRepository } from "../git.ts";

async function* pieces(bytes: Buffer, size = 1000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const folder = useFolder();

/** Lines that are easily mistaken for the structure of a patch. */
const line = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "@@ -1 +1 @@",
    "diff --git a/b b/b",
    "--- a/b",
    "+++ b/b",
    "\\ No newline",
    "-",
    "+x",
    "\tq",
    "Binary files a and b differ",
  ),
  fc.string({ maxLength: 30 }).map((text) => text.replace(/[\p{C}\n]/gu, "")),
);
const text = fc
  .tuple(fc.array(line, { maxLength: 60 }), fc.boolean())
  .map(([lines, isEnded]) => lines.join("\n") + (isEnded ? "\n" : ""));

test("the pages of a diff add up to all of git's lines, whatever they contain and however small the pages", async () => {
  const git = newRepository(folder.at("pages"));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 300, max: 6000 }),
      async (files, room) => {
        const tree = (side: 0 | 1) => {
          const entries = files.map(
            (pair, at) =>
              `100644 blob ${git.run(["hash-object", "-w", "--stdin"], { input: pair[side] }).toString().trim()}\t${at}.txt`,
          );
          return git
            .run(["mktree"], { input: `${entries.join("\n")}\n` })
            .toString()
            .trim();
        };
        const options = { contextLines: 2, isStatOnly: false };
        const args = ["diff", ...comparing(options), tree(0), tree(1)];
        const out = git.run(args);
        const seen: string[] = [];
        let place: DiffPlace | undefined;
        for (let page = 0; ; page += 1) {
          const read = await readDiff(readerOf(pieces(out)), { ...options, place, room }, async () => new Map());
          expect(read.stat.length + read.patch.text.length).toBeLessThanOrEqual(room + 500);
          seen.push(...read.patch.text.split("\n").slice(0, -1));
          place = read.next;
          if (!place) break;
          expect(page).toBeLessThan(400);
        }
        const all = out.includes("diff --git")
          ? out.subarray(out.indexOf("diff --git")).toString().split("\n").slice(0, -1)
          : [];
        expect(seen.filter((one) => !TITLE.test(one) && !AGAIN.test(one))).toEqual(
          all.filter((one) => !HEADER.test(one)),
        );
      },
    ),
    { numRuns: 15 },
  );
});

test("a patch reads the same however the pipe splits it", async () => {
  const git = newRepository(folder.at("divided"));
  const odd = [
    "caf\xe9",
    "é\u202e",
    "a\r",
    "\t",
    "\x00",
    "x".repeat(399),
    "x".repeat(400),
    "y".repeat(5000),
    "é".repeat(500),
  ];
  const content = Buffer.concat(
    odd.flatMap((text, at) => [Buffer.from(text, at === 0 ? "latin1" : "utf8"), Buffer.from("\nplain\n")]),
  );
  const tree = (input: Buffer) => {
    const id = git.run(["hash-object", "-w", "--stdin"], { input }).toString().trim();
    return git
      .run(["mktree"], { input: `100644 blob ${id}\ta.txt\n` })
      .toString()
      .trim();
  };
  const options = { contextLines: 2, isStatOnly: false };
  const args = [tree(Buffer.from("")), tree(content), "--text"];
  const out = git.run(["diff", ...comparing(options), ...args]);
  const read = async (size: number) =>
    (await readDiff(readerOf(pieces(out, size)), { ...options, place: undefined, room: 20_000 }, async () => new Map()))
      .patch.text;
  const whole = await read(out.length);
  for (const shown of [
    "+caf⟨byte E9⟩\n",
    "+é⟨U+202E⟩\n",
    "+a␍\n",
    "+⟨U+0000⟩\n",
    `+${"x".repeat(399)}\n`,
    "(5,001 bytes, shortened)",
  ]) {
    expect(whole).toContain(shown);
  }
  for (const size of [1, 7, 400, 1000]) expect(await read(size)).toBe(whole);
});

const TITLE = /^(?:---|\+\+\+) [ab]\/\d\.txt$/;
/** A hunk that continues on a page repeats its head. */
const AGAIN = /^@@ .* \(continued\)$/;
const HEADER = /^(?:diff --git |index |(?:---|\+\+\+) [ab]\/\d\.txt$)/;

const change = (path: string, added: number): FileChange => ({
  status: "M",
  path: Buffer.from(path),
  oldMode: "100644",
  newMode: "100644",
  oldId: "1".repeat(40),
  newId: "2".repeat(40),
  added,
  removed: 1,
});

test("a diff of very many files counts them all: the first by name, the rest by folder", () => {
  const changes = Array.from({ length: 5_000 }, (_, at) => change(`packages/p${at % 7}/src/file-${at}.ts`, 2));
  const stat = statOf(changes, 6_000);
  expect(stat.length).toBeLessThanOrEqual(6_000);
  const listed = stat.split("\n").filter((one) => one.startsWith("M ")).length;
  const rest = [...stat.matchAll(/^ {2}packages\/p\d\/(?:src\/)? (\d+) files, \+(\d+) -\d+$/gm)];
  expect(rest.length).toBe(7);
  expect(listed + rest.reduce((sum, [, files]) => sum + Number(files), 0)).toBe(5_000);
  expect(stat).toContain(`and ${5_000 - listed} more files, by folder:`);
});
