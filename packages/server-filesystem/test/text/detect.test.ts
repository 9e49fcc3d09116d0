import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { decode, encode, missingIn } from "../../src/text/codec.ts";
import { kindOfBytes, shownEncoding } from "../../src/text/detect.ts";
import { findEncoding } from "../../src/text/encodings.ts";

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
  ["\xbf", "latin1", "unknown"],
  ["\x1b[31mcaf\xe9\x1b[0m\n", "latin1", "unknown"],
  ["\xff\xd8\xff\xe0\x01\x02\x03", "latin1", "binary"],
  ["a\0\xff", "latin1", "binary"],
] as const)("%j in %s is %s", (text, encoding, kind) => {
  expect(kindOfBytes(Buffer.from(text, encoding), true)).toBe(kind);
});

test("a part of UTF-8 text is UTF-8, wherever it is cut", () => {
  const bytes = Buffer.from("aé表😀z".repeat(3));
  for (let start = 0; start < bytes.length; start += 1) {
    for (let end = start; end <= bytes.length; end += 1) {
      expect(kindOfBytes(bytes.subarray(start, end))).toBe("utf-8");
    }
  }
});

test("bytes at random are no UTF-8 unless they are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (list) => {
      const bytes = Buffer.from(list);
      expect(kindOfBytes(bytes, true) === "utf-8").toBe(isUtf8(bytes));
      if (isUtf8(bytes)) expect(kindOfBytes(bytes)).toBe("utf-8");
      // At most the bytes of one character that is cut off at each end are left out.
      else if (kindOfBytes(bytes) === "utf-8") {
        const inner = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].map((b) => bytes.subarray(a, bytes.length - b)));
        expect(inner.some(isUtf8)).toBe(true);
      }
    }),
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
