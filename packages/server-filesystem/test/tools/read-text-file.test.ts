import { closeSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { etagOf } from "../../src/text/etag.ts";
import { useServer } from "../use-server.ts";

const server = useServer({
  files: {
    "four.txt": "1\n2\n3\n4\n",
    "open.txt": "1\n2\n3",
    "empty.txt": "",
    "break.txt": "\n",
    "breaks.txt": "\n\n\n",
    "windows.txt": "a\r\nb\r\nc",
    "mixed.txt": "a\r\nb\nc\r\n",
    "old-mac.txt": "a\rb\r",
    "marked.txt": "\uFEFFa\nb\n",
    "wide.txt": Buffer.from("\uFEFFhé\n😀\n", "utf16le"),
    "wide-big.txt": Buffer.from("\uFEFFhé\n😀\n", "utf16le").swap16(),
    "wide-unmarked.txt": Buffer.from("plain text\nin two lines\n", "utf16le"),
    "one-line.txt": `${"é😀".repeat(30_000)}\nlast\n`,
    "latin.txt": Buffer.from("café\nnaïve\n", "latin1"),
    "latin-open.txt": Buffer.from("caf\xe9", "latin1"),
    "japanese.txt": iconv.encode("日本語\nテキスト\n", "shift_jis"),
    "binary.bin": Buffer.from([1, 2, 0, 255]),
    "random.bin": Buffer.from([0x9c, 0x01, 0xf3, 0x88, 0x1f, 0x07, 0x06, 0x91, 0xc4, 0x02]),
    "picture.png": Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
    "stray.txt": "text\0text\n",
    "last-nul.txt": "a\nb\n\0",
    "bad.log": Buffer.concat([Buffer.from("start\nbad "), Buffer.from([0xff, 0x80]), Buffer.from(" here\nend\n")]),
    "half.log": Buffer.from("größer\nwird geschrieb表").subarray(0, -1),
    "cut.log": Buffer.from("érest\ngrößer\n").subarray(1),
  },
});

async function read(args: Readonly<Record<string, unknown>>) {
  const { blocks } = await server.ok("read_text_file", args);
  const [text = "", facts = ""] = blocks;
  expect(blocks.length).toBe(2);
  return { text, facts };
}

test.each([
  [{ path: "four.txt" }, "1\n2\n3\n4\n", "lines 1-4 of 4"],
  [{ path: "four.txt", head: 1 }, "1\n", "lines 1-1 of 4"],
  [{ path: "four.txt", head: 4 }, "1\n2\n3\n4\n", "lines 1-4 of 4"],
  [{ path: "four.txt", head: 99 }, "1\n2\n3\n4\n", "lines 1-4 of 4"],
  [{ path: "four.txt", tail: 1 }, "4\n", "lines 4-4 of 4"],
  [{ path: "four.txt", tail: 2 }, "3\n4\n", "lines 3-4 of 4"],
  [{ path: "four.txt", tail: 99 }, "1\n2\n3\n4\n", "lines 1-4 of 4"],
  [{ path: "four.txt", offset: 2 }, "2\n3\n4\n", "lines 2-4 of 4"],
  [{ path: "four.txt", offset: 2, limit: 2 }, "2\n3\n", "lines 2-3 of 4"],
  [{ path: "four.txt", offset: 4, limit: 1000 }, "4\n", "lines 4-4 of 4"],
  [{ path: "four.txt", limit: 3 }, "1\n2\n3\n", "lines 1-3 of 4"],
  [{ path: "open.txt", tail: 1 }, "3", "lines 3-3 of 3"],
  [{ path: "open.txt", tail: 2 }, "2\n3", "lines 2-3 of 3"],
  [{ path: "open.txt", offset: 3 }, "3", "lines 3-3 of 3"],
  [{ path: "empty.txt" }, "", "no lines of 0"],
  [{ path: "empty.txt", head: 1 }, "", "no lines of 0"],
  [{ path: "empty.txt", tail: 1 }, "", "no lines of 0"],
  [{ path: "break.txt", tail: 1 }, "\n", "lines 1-1 of 1"],
  [{ path: "breaks.txt", tail: 2 }, "\n\n", "lines 2-3 of 3"],
  [{ path: "windows.txt" }, "a\r\nb\r\nc", "line ends crlf"],
  [{ path: "windows.txt", tail: 2 }, "b\r\nc", "lines 2-3 of 3"],
  [{ path: "mixed.txt" }, "a\r\nb\nc\r\n", "line ends mixed"],
  [{ path: "old-mac.txt" }, "a\rb\r", "lines 1-1 of 1"],
  [{ path: "marked.txt", head: 1 }, "a\n", "encoding utf-8 with byte order mark"],
  [{ path: "marked.txt", tail: 2 }, "a\nb\n", "lines 1-2 of 2"],
  [{ path: "wide.txt" }, "hé\n😀\n", "encoding utf-16le with byte order mark"],
  [{ path: "wide.txt", tail: 1 }, "😀\n", "lines 2-2 of 2"],
  [{ path: "wide-big.txt" }, "hé\n😀\n", "encoding utf-16be with byte order mark"],
  [{ path: "wide-big.txt", offset: 2 }, "😀\n", "lines 2-2 of 2"],
  [{ path: "wide-big.txt", encoding: "utf-16" }, "hé\n😀\n", "utf-16be"],
  [{ path: "wide-unmarked.txt", head: 1 }, "plain text\n", "encoding utf-16le, next offset 2"],
  [{ path: "latin.txt", encoding: "latin1" }, "café\nnaïve\n", "encoding windows-1252"],
  [
    { path: "latin.txt", encoding: "utf-8" },
    "caf\uFFFD\nna\uFFFDve\n",
    "2 places are not valid utf-8 and show as U+FFFD",
  ],
  [{ path: "japanese.txt", encoding: "Shift_JIS", tail: 1 }, "テキスト\n", "encoding shift_jis"],
  [{ path: "stray.txt" }, "text\0text\n", "the text contains 1 NUL"],
  [{ path: "last-nul.txt" }, "a\nb\n\0", "lines 1-3 of 3"],
  [{ path: "bad.log" }, "start\nbad \uFFFD\uFFFD here\nend\n", "2 places are not valid utf-8 and show as U+FFFD"],
  [{ path: "bad.log", tail: 1 }, "end\n", "lines 3-3 of 3, encoding utf-8"],
  [{ path: "bad.log", offset: 2, limit: 1 }, "bad \uFFFD\uFFFD here\n", "2 places are not valid utf-8"],
  [{ path: "half.log" }, "größer\nwird geschrieb", "the file ends in the middle of a character, which is left out"],
  [{ path: "cut.log", head: 1 }, "\uFFFDrest\n", "1 place is not valid utf-8 and shows as U+FFFD"],
])("%j", async (args, expected, fact) => {
  const { text, facts } = await read(args);
  expect(text).toBe(expected);
  expect(facts).toContain(fact);
  expect(facts).toContain(`etag: ${etagOf(server.folder.bytes(args.path))}, `);
});

test.each([
  [
    { path: "four.txt", head: 1, tail: 1 },
    /^invalid_input: head, tail, and offset with column and limit exclude one another/,
  ],
  [{ path: "four.txt", head: 1, limit: 1 }, /^invalid_input: head, tail/],
  [{ path: "four.txt", tail: 1, offset: 1 }, /^invalid_input: head, tail/],
  [{ path: "four.txt", head: 0 }, /^invalid_input: "head"/],
  [{ path: "four.txt", tail: -1 }, /^invalid_input: "tail"/],
  [{ path: "four.txt", offset: 1.5 }, /^invalid_input: "offset"/],
  [{ path: "four.txt", offset: 5 }, /^invalid_input: offset 5 is past the end: the file has 4 lines\.$/],
  [{ path: "break.txt", offset: 2 }, /^invalid_input: offset 2 is past the end: the file has 1 line\.$/],
  [{ path: "empty.txt", offset: 2 }, /the file has 0 lines/],
  [{ path: "open.txt", offset: 4 }, /the file has 3 lines/],
  [{ path: "nothing.txt" }, /^not_found: "nothing.txt"/],
  [{ path: "." }, /^invalid_input: "\."/],
  [{ path: "binary.bin" }, /^unsupported: "binary.bin" is not text.* read_media_file/],
  [{ path: "random.bin" }, /^unsupported: .* read_media_file/],
  [{ path: "picture.png" }, /^unsupported: "picture.png" is not text: it looks like image\/png\. Use read_media_file/],
  [{ path: "latin.txt" }, /^unsupported: "latin.txt" is not UTF-8.* Line 1 in windows-1252 \("café"\)/],
  [{ path: "latin-open.txt" }, /^unsupported: "latin-open.txt" is not UTF-8/],
  [{ path: "japanese.txt" }, /^unsupported: .* Line 1 in shift_jis \("日本語"\)\.$/],
  [{ path: "four.txt", encoding: "klingon" }, /^invalid_input: encoding "klingon" is not known\. Known are utf-8/],
  [{ path: "four.txt", encoding: "base64" }, /^invalid_input: encoding/],
])("%j is refused", async (args, expected) => {
  expect(await server.error("read_text_file", args)).toMatch(expected);
});

test("a line that does not fit is cut between characters, and this is said", async () => {
  const { text, facts } = await read({ path: "one-line.txt" });
  expect(facts).toMatch(/lines 1-1 of 2, .*line 1 is cut after \d+ of 90001 characters: .*next offset 2$/);
  expect(text.length).toBe(Number(/after (\d+)/.exec(facts)?.[1]));
  expect("é😀".repeat(30_000).startsWith(text)).toBe(true);
  expect(text).not.toMatch(/\p{Surrogate}/u);
  expect((await read({ path: "one-line.txt", offset: 2 })).text).toBe("last\n");
});

test("the end of a line that does not fit is its last line's", async () => {
  server.folder.write("end.txt", `first\n${"é😀".repeat(30_000)}`);
  const { text, facts } = await read({ path: "end.txt", tail: 1 });
  expect(facts).toMatch(
    /lines 2-2 of 2, .*line 2 is cut: its last \d+ of 90000 characters are shown, offset 2 reads its beginning/,
  );
  expect("é😀".repeat(30_000).endsWith(text)).toBe(true);
  expect(text).not.toMatch(/\p{Surrogate}|\uFFFD/u);
});

test("of last lines that do not fit, the last are shown, and this is said", async () => {
  server.folder.write("many.txt", "x".repeat(99).concat("\n").repeat(1000));
  const { text, facts } = await read({ path: "many.txt", tail: 800 });
  const [, first] = /lines (\d+)-1000 of 1000, only the last (\d+) fit/.exec(facts) ?? [];
  expect(text.length).toBe((1001 - Number(first)) * 100);
});

const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "shift_jis", "gb18030", "windows-1251", "utf-32"];
const LETTERS: Readonly<Record<string, string>> = { shift_jis: "aあ表ソ\r ", "windows-1251": "aжЯ\r " };

test.each(ENCODINGS)("pages of %s join to the file, from either end", async (encoding) => {
  const letter = fc.constantFrom(...(LETTERS[encoding] ?? "aé表😀\r ").split(/(?:)/u));
  const line = fc.array(letter, { maxLength: 40 }).map((letters) => letters.join(""));
  const lines = fc.array(
    fc.oneof({ weight: 20, arbitrary: line }, { weight: 1, arbitrary: fc.constant("表ж".repeat(9)) }),
  );
  await fc.assert(
    fc.asyncProperty(lines, fc.boolean(), fc.integer({ min: 1, max: 9 }), async (all, isOpen, limit) => {
      const known = all.join("\n").replaceAll(encoding === "windows-1251" ? "表" : "\0", "");
      const text = encoding === "shift_jis" ? known.replaceAll("ж", "") : known;
      const whole = isOpen || text === "" ? text : `${text}\n`;
      server.folder.write("paged.txt", iconv.encode(whole, encoding));
      let joined = "";
      let total = 0;
      for (let offset: number | undefined = 1; offset !== undefined; ) {
        const page: { text: string; facts: string } = await read({ path: "paged.txt", offset, limit, encoding });
        joined += page.text;
        total = Number(/ of (\d+)/.exec(page.facts)?.[1]);
        const next: string | undefined = /next offset (\d+)$/.exec(page.facts)?.[1];
        offset = next === undefined ? undefined : Number(next);
      }
      expect(joined).toBe(whole);
      expect(total).toBe(whole === "" ? 0 : whole.split("\n").length - (whole.endsWith("\n") ? 1 : 0));
      const { text: last } = await read({ path: "paged.txt", tail: limit, encoding });
      expect(last).toBe((whole.match(/[^\n]*\n|[^\n]+$/g) ?? []).slice(-limit).join(""));
    }),
    { numRuns: 40 },
  );
});

test.each([{}, { encoding: "utf-8" }])("every character of a long line can be read, with %j", async (more) => {
  const line = "é😀x".repeat(60_000);
  server.folder.write("long-line.txt", `first\n${line}\nlast\n`);
  let joined = "";
  let place: object | undefined = { offset: 2 };
  while (place) {
    const { text, facts } = await read({ path: "long-line.txt", limit: 1, ...place, ...more });
    expect(text).not.toMatch(/\p{Surrogate}/u);
    joined += text;
    const [, offset, column] = /offset (\d+), column (\d+) reads on/.exec(facts) ?? [];
    place = column === undefined ? undefined : { offset: Number(offset), column: Number(column) };
  }
  expect(joined).toBe(`${line}\n`);
  const { text, facts } = await read({ path: "long-line.txt", offset: 2, column: 239_999 });
  expect(text).toBe("😀x\nlast\n".slice(-9));
  expect(facts).toContain("lines 2-3 of 3 from column 239999");
  expect(await server.error("read_text_file", { path: "long-line.txt", offset: 2, column: 240_002 })).toBe(
    "invalid_input: column 240002 is past the end: line 2 has 240000 characters.",
  );
});

test("lines are numbered on request", async () => {
  expect((await read({ path: "four.txt", offset: 2, limit: 2, line_numbers: true })).text).toBe("2\t2\n3\t3\n");
  expect((await read({ path: "open.txt", tail: 2, line_numbers: true })).text).toBe("2\t2\n3\t3");
  server.folder.write("numbered.txt", "\n".repeat(100_000));
  const { text, facts } = await read({ path: "numbered.txt", line_numbers: true });
  expect(text.length).toBeLessThanOrEqual(40_000);
  expect(text.split("\n").slice(0, -1).map(Number)).toEqual(
    Array.from({ length: text.split("\n").length - 1 }, (_, at) => at + 1),
  );
  expect(facts).toMatch(/lines 1-\d+ of 100000, .*next offset \d+$/);
});

/** A file of 10 GB of which nearly nothing is on the disk. */
function writeSparse(name: string, start: string, end: string): boolean {
  const fd = openSync(server.folder.at(name), "w");
  try {
    writeSync(fd, start);
    ftruncateSync(fd, 10 * 2 ** 30);
    writeSync(fd, end, 10 * 2 ** 30);
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
  return statSync(server.folder.at(name)).blocks * 512 < 1 << 20;
}

test("the ends of a file of 10 GB are read without the middle", async ({ skip }) => {
  if (!writeSparse("huge.log", "first\nsecond\n", "\nlast but one é\nlast\n")) skip("no sparse files here");
  const before = process.memoryUsage().arrayBuffers;
  expect((await read({ path: "huge.log", tail: 2 })).text).toBe("last but one é\nlast\n");
  expect((await read({ path: "huge.log", tail: 2 })).facts).toMatch(
    /^etag: s\.\S+, last 2 lines, file has 10737418\d+ bytes/,
  );
  const { text, facts } = await read({ path: "huge.log", head: 2 });
  expect(text).toBe("first\nsecond\n");
  expect(facts).toMatch(/lines 1-2, more follow, file has \d+ bytes, encoding utf-8, next offset 3$/);
  expect((await read({ path: "huge.log", offset: 2, limit: 1 })).text).toBe("second\n");
  expect(await server.error("read_text_file", { path: "huge.log", offset: 3, limit: 1 })).toMatch(/^unsupported: /);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
  server.folder.write("huge.log", "");
});

test("a log that was emptied under its writer is read from its end", async ({ skip }) => {
  if (!writeSparse("emptied.log", "", "one\ntwo\nthree\n")) skip("no sparse files here");
  expect((await read({ path: "emptied.log", tail: 3 })).text).toBe("one\ntwo\nthree\n");
  const { text, facts } = await read({ path: "emptied.log", tail: 50 });
  expect(text).toBe("one\ntwo\nthree\n");
  expect(facts).toContain("last 3 lines");
  writeSparse("emptied.log", "", "one\n\0\0");
  expect((await read({ path: "emptied.log", tail: 3 })).text).toBe("one\n\0\0");
  expect(await server.error("read_text_file", { path: "emptied.log", head: 3 })).toMatch(/^unsupported: /);
  server.folder.write("emptied.log", "");
});

test("a file that is too large to count is still paged by line", async () => {
  const line = (at: number) => `${at} ${"é😀".repeat(20)}\r\n`;
  const lines = Array.from({ length: 150_000 }, (_, at) => line(at + 1));
  server.folder.write("large.txt", lines.join(""));
  const { text, facts } = await read({ path: "large.txt", offset: 140_001, limit: 3 });
  expect(text).toBe(lines.slice(140_000, 140_003).join(""));
  expect(facts).toMatch(
    /lines 140001-140003, more follow, file has \d+ bytes, encoding utf-8, line ends crlf, next offset 140004$/,
  );
  expect((await read({ path: "large.txt", tail: 3 })).text).toBe(lines.slice(-3).join(""));
  expect((await read({ path: "large.txt", offset: 149_999 })).facts).not.toContain("next offset");
  expect(await server.error("read_text_file", { path: "large.txt", offset: 150_001 })).toMatch(
    /the file has 150000 lines/,
  );
});
