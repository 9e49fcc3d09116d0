import { useFolder } from "@org/server-kit/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { COMPARE, readChanges } from "../../src/history/diff/changes.ts";
import { COMMITS, readCommit } from "../../src/history/log/commit.ts";
import { readerOf } from "../../src/history/reader.ts";
import { newRepository } from "../git.ts";

/** The bytes in pieces of any size, as a pipe delivers them. */
async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const folder = useFolder();

test("fields and lines are read whole, however the pipe splits them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 12 }))),
      fc.integer({ min: 1, max: 9 }),
      async (records, size) => {
        const clean = records.map(
          ([isField, bytes]) => [isField, Buffer.from(bytes).filter((byte) => byte !== 0 && byte !== 10)] as const,
        );
        const all = clean.map(([isField, bytes]) => Buffer.concat([bytes, Buffer.from([isField ? 0 : 10])]));
        const reader = readerOf(pieces(Buffer.concat(all), size));
        for (const [isField, bytes] of clean) {
          const read = isField ? await reader.field() : (await reader.line(5))?.bytes;
          expect(Buffer.from(read ?? "none")).toEqual(Buffer.from(isField ? bytes : bytes.subarray(0, 5)));
        }
        expect(await reader.peek()).toBeUndefined();
      },
    ),
  );
});

/** Names of any bytes, on systems that allow them. */
const name = fc
  .array(fc.oneof(fc.constantFrom(...Buffer.from('\t\n"\\{} ->=:é a')), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0x2f ? 0x5f : byte))))
  .filter((bytes) => !/^(?:\.{1,2}|\.git.*|git~.*)$/i.test(bytes.toString("latin1")));

test("names in any bytes, renames and binary contents come back as git was given them", async () => {
  const git = newRepository(folder.at("names"));
  await fc.assert(
    fc.asyncProperty(name, name, fc.boolean(), async (before, after, isBinary) => {
      fc.pre(!before.equals(after));
      const content = isBinary ? "\0binary\0" : "one\ntwo\nthree\nfour\n";
      const id = git.run(["hash-object", "-w", "--stdin"], { input: content }).toString().trim();
      const tree = (path: Buffer) =>
        git
          .run(["mktree", "-z"], { input: Buffer.concat([Buffer.from(`100644 blob ${id}\t`), path, Buffer.from([0])]) })
          .toString()
          .trim();
      const out = git.run(["diff", ...COMPARE, "--patch", tree(before), tree(after)]);
      const [change, ...others] = await readChanges(readerOf(pieces(out, 7)));
      expect(others).toEqual([]);
      expect(change).toMatchObject({ status: "R", similarity: 100, oldId: id, newId: id });
      expect(change?.from).toEqual(before);
      expect(change?.path).toEqual(after);
      expect(change?.added).toBe(isBinary ? undefined : 0);
    }),
    { numRuns: 25 },
  );
});

/** Messages that are easily mistaken for something else. */
const message = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "a;b|c",
    "commit 1234\nAuthor: x",
    "diff --git a/x b/x\n@@ -1 +1 @@\n-a",
    ":100644 100644 a b M\tx",
    "1\t2\tfile",
    "\x01abc",
    "%H%x00",
  ),
);

test("no content of a message can shift the fields of a commit", async () => {
  const git = newRepository(folder.at("messages"));
  const tree = git("mktree");
  await fc.assert(
    fc.asyncProperty(message, message, message, async (subject, body, who) => {
      const text = `${subject}\n\n${body}`.replaceAll("\0", "");
      const author = who.replace(/[\0<>\n]/g, "").trim() || "nobody";
      const id = git
        .run(["commit-tree", tree, "-F", "-"], { input: text, env: { GIT_AUTHOR_NAME: `A ${author} B` } })
        .toString()
        .trim();
      const second = git.run(["commit-tree", tree, "-p", id, "-m", "second"]).toString().trim();
      const log = git.run(["log", ...COMMITS, "--raw", "--numstat", second]);
      const readAll = async (size: number) => {
        const reader = readerOf(pieces(log, size));
        return [await readCommit(reader), await readCommit(reader), await readCommit(reader)];
      };
      const [newer, older, none] = await readAll(11);
      expect(none).toBeUndefined();
      expect(await readAll(log.length)).toEqual([newer, older, none]);
      expect(newer).toMatchObject({ id: second, parents: [id], subject: "second", body: "" });
      expect(older).toMatchObject({ id, parents: [], author: { email: "ada@example.com" } });
      const raw = git.run(["log", "-1", "-z", "--format=%an%x00%B", id]).toString().split("\0");
      expect(older?.author.name).toBe(raw[0]);
      const words = (one: string | undefined) => one?.split(/\s+/).filter(Boolean).join(" ") ?? "";
      const read = [
        older?.subject,
        older?.body,
        ...(older?.trailers ?? []).map(({ key, value }) => `${key}: ${value}`),
      ];
      expect(words(read.join(" ")).replace(/\s|:/g, "")).toBe(words(raw[1]).replace(/\s|:/g, ""));
    }),
    { numRuns: 25 },
  );
});
