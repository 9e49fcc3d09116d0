import { pbkdf2 } from "node:crypto";
import { chmodSync, statSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { promisify } from "node:util";
import { call, connect } from "@org/server-kit/testing";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { filesystemServer } from "../../src/server.ts";
import { etagOf } from "../../src/text/etag.ts";
import { useServer } from "../use-server.ts";

const server = useServer();

async function edit(path: string, oldText: string, newText: string, more: Readonly<Record<string, unknown>> = {}) {
  const { blocks } = await server.ok("edit_file", { path, edits: [{ oldText, newText }], ...more });
  const [diff = "", facts = ""] = blocks;
  expect(blocks.length).toBe(2);
  return { diff, facts, etag: /^etag: ([^,]+), /.exec(facts)?.[1] };
}
const failure = (path: string, oldText: string, newText: string, more: Readonly<Record<string, unknown>> = {}) =>
  server.error("edit_file", { path, edits: [{ oldText, newText }], ...more });

test("the body is a unified diff, and the line of facts has the new etag", async () => {
  server.folder.write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8");
  const { diff, facts } = await edit("a.txt", "8", "eight");
  expect(diff).toBe(
    "--- a.txt\n+++ a.txt\n@@ -5,4 +5,4 @@\n 5\n 6\n 7\n-8\n\\ No newline at end of file\n" +
      "+eight\n\\ No newline at end of file\n",
  );
  const bytes = server.folder.bytes("a.txt");
  expect(bytes.toString()).toBe("1\n2\n3\n4\n5\n6\n7\neight");
  expect(facts).toBe(`etag: ${etagOf(bytes)}, 1 edit in 1 place, 1 line added and 1 removed`);
});

test("a dry run writes nothing", async () => {
  server.folder.write("dry.txt", "a\n");
  const { diff, facts } = await edit("dry.txt", "a", "b", { dryRun: true });
  expect(diff).toContain("-a\n+b\n");
  expect(facts).toBe(
    `etag: ${etagOf(Buffer.from("a\n"))}, 1 edit in 1 place, 1 line added and 1 removed, dry run: nothing written`,
  );
  expect(server.folder.read("dry.txt")).toBe("a\n");
});

test("a dry run tells that the file may not be changed", async () => {
  await using connection = await connect(filesystemServer, { args: ["--ro", server.folder.path] });
  server.folder.write("kept.txt", "a\n");
  const args = { path: "kept.txt", edits: [{ oldText: "a", newText: "b" }], dryRun: true };
  expect((await call(connection.client, "edit_file", args)).blocks[1]).toMatch(
    /read-only here: without dryRun this is/,
  );
});

test("one edit that fails keeps all from being written", async () => {
  server.folder.write("all.txt", "a\nb\nb\n");
  const before = statSync(server.folder.at("all.txt"), { bigint: true });
  const edits = [
    { oldText: "a", newText: "x" },
    { oldText: "b", newText: "y" },
  ];
  expect(await server.error("edit_file", { path: "all.txt", edits })).toMatch(
    /^invalid_input: edits\[1\]\.oldText occurs 2 times, on lines 2, 3\./,
  );
  expect(await failure("all.txt", "c", "")).toMatch(/^not_found: oldText is not in the file/);
  expect(await failure("all.txt", "", "x")).toMatch(/^invalid_input: oldText is empty/);
  const { ino, mtimeNs } = statSync(server.folder.at("all.txt"), { bigint: true });
  expect({ ino, mtimeNs }).toEqual({ ino: before.ino, mtimeNs: before.mtimeNs });
  expect(server.folder.list().filter((name) => name.includes("tmp"))).toEqual([]);
});

test("an edit that changes nothing says so, and writes nothing", async () => {
  server.folder.write("same.txt", "a\n");
  const before = statSync(server.folder.at("same.txt"), { bigint: true });
  const { diff, facts } = await edit("same.txt", "a", "a");
  expect(diff).toBe("");
  expect(facts).toMatch(/nothing changed, oldText and newText are equal in edit 1$/);
  expect(statSync(server.folder.at("same.txt"), { bigint: true }).ino).toBe(before.ino);
});

test.each([
  ["utf-8", "\uFEFFa\r\né\r\n", "\uFEFFa\r\nx\r\ny\r\n"],
  ["utf-16le", "\uFEFFa\r\né\r\n", "\uFEFFa\r\nx\r\ny\r\n"],
  ["utf-16be", "\uFEFFa\r\né\r\n", "\uFEFFa\r\nx\r\ny\r\n"],
])("byte order mark, encoding and line ends of %s are kept", async (encoding, before, after) => {
  server.folder.write("kept.txt", iconv.encode(before, encoding));
  await edit("kept.txt", "é", "x\ny");
  expect(server.folder.bytes("kept.txt")).toEqual(iconv.encode(after, encoding));
});

test("old encodings are kept when they are named, and refused when they are not", async () => {
  server.folder.write("sjis.txt", iconv.encode("表示\r\nソート\r\n", "shift_jis"));
  expect(await failure("sjis.txt", "表示", "x")).toMatch(/^unsupported: .* Pass the encoding/);
  await edit("sjis.txt", "ソート", "能力\n", { encoding: "shift_jis" });
  expect(server.folder.bytes("sjis.txt")).toEqual(iconv.encode("表示\r\n能力\r\n\r\n", "shift_jis"));
  expect(await failure("sjis.txt", "表示", "é😀", { encoding: "shift_jis" })).toMatch(
    /^invalid_input: newText has characters that shift_jis lacks: "é" \(U\+00E9\), "😀" \(U\+1F600\)\. Nothing/,
  );
});

test("bytes that would not come back are not touched", async () => {
  const bytes = Buffer.concat([iconv.encode("表", "shift_jis"), Buffer.from([0x82, 0x0a, 0x61, 0x0a])]);
  server.folder.write("broken.txt", bytes);
  expect(await failure("broken.txt", "a", "b", { encoding: "shift_jis" })).toMatch(
    /^unsupported: "broken.txt" has bytes that are not valid shift_jis and would be lost/,
  );
  server.folder.write("half.txt", Buffer.from("fffe6100d8", "hex"));
  expect(await failure("half.txt", "a", "b")).toMatch(/^unsupported: .* not valid utf-16le/);
  server.folder.write("nul.bin", Buffer.from([1, 0, 2, 0xff]));
  expect(await failure("nul.bin", "a", "b")).toMatch(/^unsupported: .* read_media_file/);
  expect(server.folder.bytes("broken.txt")).toEqual(bytes);
});

const KNOWN: Readonly<Record<string, string>> = { shift_jis: "a表ソ能 ", "windows-1251": "aжЯ ", "euc-kr": "a한글 " };

test.each(["utf-8", "utf-16le", "gb18030", "shift_jis", "windows-1251", "euc-kr"])(
  "in %s, the bytes around an edit stay as they are",
  async (encoding) => {
    const letter = fc.constantFrom(...[...(KNOWN[encoding] ?? "aé表😀 ")], "\n", "\r\n", "\r");
    const text = fc.array(letter, { maxLength: 30 }).map((letters) => letters.join(""));
    await fc.assert(
      fc.asyncProperty(text, text, text, async (before, fresh, after) => {
        const start = iconv.encode(before.replace(/\r$/, ""), encoding);
        const end = iconv.encode(after, encoding);
        server.folder.write("around.txt", Buffer.concat([start, iconv.encode("<here>", encoding), end]));
        await edit("around.txt", "<here>", `<${fresh}>`, { encoding });
        const bytes = server.folder.bytes("around.txt");
        expect(bytes.subarray(0, start.length)).toEqual(start);
        expect(bytes.subarray(bytes.length - end.length)).toEqual(end);
      }),
      { numRuns: 30 },
    );
  },
);

test("the mode of the file is kept", async () => {
  server.folder.write("run.sh", "echo a\n");
  chmodSync(server.folder.at("run.sh"), 0o751);
  await edit("run.sh", "a", "b");
  expect(statSync(server.folder.at("run.sh")).mode & 0o7777).toBe(0o751);
});

test("of edits that are meant for one state, one is made", async () => {
  server.folder.write("race.txt", "start\n");
  const expected_etag = etagOf(Buffer.from("start\n"));
  const calls = Array.from({ length: 8 }, (_, at) =>
    server.client().callTool({
      name: "edit_file",
      arguments: { path: "race.txt", edits: [{ oldText: "start", newText: `start ${at}` }], expected_etag },
    }),
  );
  const results = await Promise.all(calls);
  const won = results.findIndex(({ isError }) => !isError);
  expect(results.filter(({ isError }) => !isError).length).toBe(1);
  expect(server.folder.read("race.txt")).toBe(`start ${won}\n`);
  const text = await failure("race.txt", "start", "x", { expected_etag });
  expect(text).toBe(
    "conflict: the file has changed since that etag was read. Nothing was written. Read it again, and pass the etag that " +
      "comes with it.",
  );
});

test("edits that are meant for whatever is there are all made", async () => {
  server.folder.write("sum.txt", "end\n");
  const calls = Array.from({ length: 6 }, (_, at) => edit("sum.txt", "end\n", `${at}\nend\n`));
  await Promise.all(calls);
  expect(server.folder.read("sum.txt").split("\n").sort()).toEqual(["", "0", "1", "2", "3", "4", "5", "end"]);
});

test("a diff that does not fit is cut at a hunk, and this is said", async () => {
  const line = (at: number) => `line ${at} ${"x".repeat(90)}\n`;
  server.folder.write("long.txt", Array.from({ length: 2000 }, (_, at) => line(at)).join(""));
  const edits = Array.from({ length: 200 }, (_, at) => ({ oldText: `line ${at * 10} `, newText: `LINE ${at * 10} ` }));
  const { blocks } = await server.ok("edit_file", { path: "long.txt", edits });
  expect(blocks[1]).toMatch(
    /200 edits in 200 places, 200 lines added and 200 removed, the diff is cut: \d+ of 200 hunks shown$/,
  );
});

test("a file over the read limit is not edited", async () => {
  server.folder.write("large.txt", Buffer.alloc(17 << 20, "a\n"));
  expect(await failure("large.txt", "a", "b")).toMatch(/^too_large: "large.txt" is larger than the 16777216 bytes/);
  expect(await failure("missing.txt", "a", "b")).toMatch(/^not_found: "missing.txt"/);
});

test("an edit that matches nothing nearby reports the nearest text", async () => {
  server.folder.write("near.txt", "const a = 1;\n\tif (Ready)  {\n}\n");
  expect(await failure("near.txt", "if (ready) {\n}", "")).toMatch(
    /^not_found: .* Nearest is on lines 2-3, and differs in whitespace or invisible characters and case\. The file has/,
  );
});

const bytes = (...parts: readonly (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

test.each([
  [
    "elsewhere",
    bytes("start\nbad ", [0xff], " byte\nend\n"),
    "end",
    "stop",
    bytes("start\nbad ", [0xff], " byte\nstop\n"),
  ],
  [
    "around it",
    bytes("bad ", [0xff, 0xe8], " byte\n"),
    "bad \uFFFD\uFFFD byte",
    "a \uFFFD\uFFFD b",
    bytes("a ", [0xff, 0xe8], " b\n"),
  ],
  [
    "next to it",
    bytes("bad", [0xff], "byte, a long log line\n"),
    "bad\uFFFDb",
    "good\uFFFDB",
    bytes("good", [0xff], "Byte, a long log line\n"),
  ],
  ["of it", bytes("bad ", [0xff], " byte, a long log line\n"), "bad \uFFFD ", "", bytes("byte, a long log line\n")],
  ["before half a character", bytes("größer\nend ", [0xe8, 0xa1]), "end", "stop", bytes("größer\nstop ", [0xe8, 0xa1])],
  ["after half a character", bytes([0xa1, 0xa8], "größer\nend"), "end", "stop", bytes([0xa1, 0xa8], "größer\nstop")],
  [
    "after a mark",
    bytes([0xef, 0xbb, 0xbf], "a\r\nb", [0xe9]),
    "a\n",
    "x\ny\n",
    bytes([0xef, 0xbb, 0xbf], "x\r\ny\r\nb", [0xe9]),
  ],
])("an edit %s keeps bytes that are not UTF-8 as they are", async (_, before, oldText, newText, after) => {
  server.folder.write("bad.log", before);
  const { diff } = await edit("bad.log", oldText, newText);
  expect(server.folder.bytes("bad.log")).toEqual(after);
  expect(diff).not.toMatch(/\p{Surrogate}/u);
});

test("an edit that would have to guess which broken bytes to keep is refused", async () => {
  const before = bytes("bad ", [0xff], " and ", [0xfe], " in a long log line\n");
  server.folder.write("bad.log", before);
  expect(await failure("bad.log", "\uFFFD and \uFFFD", "x\uFFFDy")).toMatch(
    /^invalid_input: newText has U\+FFFD 1 times where oldText has it 2 times\. .*repeat each of them/,
  );
  expect(server.folder.bytes("bad.log")).toEqual(before);
});

test("every byte that an edit does not name stays, whatever is broken", async () => {
  const line = fc.oneof(
    fc.constantFrom("plain text of a log", "größer als", "表示").map((text) => Buffer.from(text)),
    fc.uint8Array({ minLength: 1, maxLength: 3, min: 0x80 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 6 }), fc.array(line, { maxLength: 6 }), async (before, after) => {
      const start = Buffer.concat([Buffer.from("ö".repeat(40)), ...before]);
      const end = Buffer.concat(after);
      server.folder.write("any.log", Buffer.concat([start, Buffer.from("<here>"), end]));
      await edit("any.log", "<here>", "<there é>");
      expect(server.folder.bytes("any.log")).toEqual(Buffer.concat([start, Buffer.from("<there é>"), end]));
    }),
    { numRuns: 40 },
  );
});

test("a change of one long line is shown, cut around it", async () => {
  server.folder.write("long.json", `{${"0123456789".repeat(20_000)}old${"9876543210".repeat(20_000)}}`);
  const { diff, facts } = await edit("long.json", "9old9", "9new9");
  expect(diff).toMatch(/^-….*9old9.*…$/m);
  expect(diff).toMatch(/^\+….*9new9.*…$/m);
  expect(facts).toMatch(/1 line added and 1 removed, long lines are cut around their changes$/);
});

/** The longest time in milliseconds for which work blocks the event loop. */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  await work();
  delays.disable();
  return delays.max / 1e6;
}

test("a million places in ten megabytes are changed while the event loop stays free", async () => {
  server.folder.write("million.txt", "needle;;;\n".repeat(1_000_000));
  // Other processes hold this one up too: this much, while it only waits for another thread.
  const noise = await longestHold(() => promisify(pbkdf2)("x", "y", 1_000_000, 64, "sha512"));
  let facts: string | undefined;
  const held = await longestHold(async () => {
    const edits = [{ oldText: "needle", newText: "pin", replaceAll: true }];
    facts = (await server.ok("edit_file", { path: "million.txt", edits })).blocks[1];
  });
  expect(facts).toMatch(/1 edit in 1000000 places, 1000000 lines added and 1000000 removed/);
  expect(server.folder.bytes("million.txt").equals(Buffer.from("pin;;;\n".repeat(1_000_000)))).toBe(true);
  expect(held - noise).toBeLessThan(200);
});

test("an error of a large file is the same as that of a small one", async () => {
  server.folder.write("large-near.txt", `${"const other = 1;\n".repeat(20_000)}const Name = 2;\n`);
  expect(await failure("large-near.txt", "const name = 2;", "")).toMatch(
    /^not_found: oldText is not in the file\. Nearest is on line 20001, and differs in case\./,
  );
});
