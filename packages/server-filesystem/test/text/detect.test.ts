import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { decode, encode, missingIn } from "../../src/text/codec.ts";
import { kindOfBytes, shownEncoding } from "../../src/text/detect.ts";
import { findEncoding } from "../../src/text/encodings.ts";
import { readBroken, showBroken, writeBroken } from "../../src/text/utf8.ts";

const NOTHING = Buffer.alloc(0);

test.each([
  ["efbbbf61", "utf-8"],
  ["fffe6100", "utf-16le"],
  ["feff0061", "utf-16be"],
  ["fffe000061000000", "utf-32le"],
  ["0000feff00000061", "utf-32be"],
  ["610062000a00", "utf-16le"],
  ["00610062000a", "utf-16be"],
  ["61620a", undefined],
  ["", undefined],
  ["01000200", undefined],
  ["6100000062000000", undefined],
  ["610062", undefined],
])("the bytes %s show %s", (hex, name) => {
  expect(shownEncoding(Buffer.from(hex, "hex"))?.name).toBe(name);
});

test.each([
  ["text é\n", "utf8", "utf-8"],
  ["", "utf8", "utf-8"],
  ["\x1b[31mred\x1b[0m\n", "utf8", "utf-8"],
  ["caf\xe9\n", "latin1", "unknown"],
  ["caf\xe9", "latin1", "unknown"],
  ["\x1b[31mcaf\xe9\x1b[0m\n", "latin1", "unknown"],
  ["\xff\xd8\xff\xe0\x01\x02\x03", "latin1", "binary"],
  ["\x01\0\xff", "latin1", "binary"],
] as const)("%j in %s is %s", (text, encoding, kind) => {
  expect(whole(Buffer.from(text, encoding))).toBe(kind);
});

const whole = (bytes: Buffer) => kindOfBytes([{ bytes, goesOn: false }]);

test("a part of UTF-8 text is UTF-8, wherever it is cut", () => {
  const bytes = Buffer.from("aé表😀z".repeat(3));
  for (let start = 0; start < bytes.length; start += 1) {
    for (let end = start; end <= bytes.length; end += 1) {
      const part = bytes.subarray(start, end);
      expect(kindOfBytes([{ bytes: part, goesOn: true }])).toBe("utf-8");
    }
  }
});

const LOG = "2026-01-01 12:00:00 the service has started and listens on its port\n";

test.each([
  ["one bad byte in a log", Buffer.concat([Buffer.from(LOG), Buffer.from([0xff]), Buffer.from(LOG)])],
  ["one bad byte in a word of a long log", Buffer.from(`${LOG.repeat(5)}caf\xe9${LOG}`, "latin1")],
  ["a log cut in the middle of a character at its start", Buffer.from(`表示${LOG}`).subarray(1)],
  ["a log cut in the middle of a character at its end", Buffer.from(`${LOG}é`).subarray(0, -1)],
  ["a short file cut at its end", Buffer.from("café").subarray(0, -1)],
  [
    "UTF-8 with some lines of Latin-1",
    Buffer.concat([Buffer.from("größer\n".repeat(9)), Buffer.from("gr\xf6\xdfer\n", "latin1")]),
  ],
  ["a NUL at the end", Buffer.from("text\n\0")],
  ["many NULs at the end, as a crash leaves them", Buffer.from(`text\n${"\0".repeat(5000)}`)],
  ["a NUL in the middle", Buffer.from("text\0text\n")],
])("%s is UTF-8", (_, bytes) => {
  expect(whole(bytes)).toBe("utf-8");
});

test.each([
  ["short Latin-1", "caf\xe9\n", "unknown"],
  ["German in Latin-1", `${"Gr\xfc\xdfe aus K\xf6ln, sch\xf6ne Stra\xdfe, bis sp\xe4ter. ".repeat(30)}\n`, "unknown"],
  ["quotation marks of windows-1252", "\x93Yes,\x94 he said, \x93it isn\x92t.\x94\n", "unknown"],
  ["NULs alone", "\0\0\0", "binary"],
  ["many NULs in text", "a\0bc\0d".repeat(40), "binary"],
] as const)("%s is %s", (_, text, kind) => {
  expect(whole(Buffer.from(text, "latin1"))).toBe(kind);
});

test("places that are broken are those which a decoder shows, and come back as the bytes that they were", () => {
  const piece = fc.oneof(
    fc.constantFrom("a", "é", "表", "😀", "\uFFFD").map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const bytes = Buffer.concat(pieces);
      const broken = readBroken(bytes);
      expect(broken && showBroken(broken.text)).toBe(bytes.toString());
      expect(broken && writeBroken(broken)).toEqual(bytes);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["UTF-8", "utf-8"],
  ["utf8", "utf-8"],
  ["UTF16LE", "utf-16le"],
  ["utf_16_be", "utf-16be"],
  ["utf-32", "utf-32le"],
  ["latin1", "windows-1252"],
  ["Latin-1", "windows-1252"],
  ["ISO-8859-1", "windows-1252"],
  ["cp1251", "windows-1251"],
  ["SJIS", "shift_jis"],
  ["cp932", "cp932"],
  ["cp437", "cp437"],
  ["x-mac-cyrillic", "x-mac-cyrillic"],
  ["iso-8859-8-i", "iso-8859-8-i"],
])("the label %s means %s", async (label, name) => {
  expect((await findEncoding(label, NOTHING)).name).toBe(name);
});

test.each(["", "x", "hex", "base64", "utf-7", "utf7-imap", "binary", "__proto__", "constructor", "a".repeat(10_000)])(
  "%j is no encoding",
  async (label) => {
    await expect(findEncoding(label, NOTHING)).rejects.toMatchObject({ code: "invalid_input" });
  },
);

const WEB = [
  "ibm866",
  "koi8-r",
  "koi8-u",
  "macintosh",
  "windows-874",
  "x-mac-cyrillic",
  "gbk",
  "gb18030",
  "big5",
  "euc-jp",
]
  .concat(["shift_jis", "euc-kr", "utf-16le", "utf-16be", "utf-8", "utf-32le", "utf-32be"])
  .concat(Array.from({ length: 9 }, (_, at) => `windows-125${at}`))
  .concat([2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map((part) => `iso-8859-${part}`));

test.each(WEB)("%s is read and written, with ASCII as it is", async (label) => {
  const encoding = await findEncoding(label, NOTHING);
  expect(encoding.name).toBe(label);
  const ascii = Array.from({ length: 0x7e - 0x20 }, (_, at) => String.fromCharCode(0x20 + at)).join("");
  const text = ascii.replace(/[\\~]/g, "");
  const bytes = await encode(text, encoding);
  expect(await decode(bytes, encoding, true)).toBe(text);
  expect(bytes.length).toBe(text.length * encoding.unit);
  expect(bytes.equals(iconv.encode(text, label === "x-mac-cyrillic" ? "maccyrillic" : label))).toBe(true);
});

test("characters that an encoding lacks are named, each once", async () => {
  const windows = await findEncoding("windows-1252", NOTHING);
  expect(await missingIn("aé€", windows, 5)).toEqual([]);
  expect(await missingIn("表é😀表", windows, 5)).toEqual(["表", "😀"]);
  expect(await missingIn("一二三四五六", windows, 5)).toHaveLength(5);
});
