import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readPath, showPath } from "../../src/text/paths.ts";

test.each([
  ["src/index.ts", "src/index.ts"],
  ["ä b.txt", "ä b.txt"],
  ["a -> b {c => d}.png", "a -> b {c => d}.png"],
  ["it's \\ here", "it's \\ here"],
  ["tab\there\n", '"tab\\there\\n"'],
  ['"quoted"', '"\\"quoted\\""'],
  ["ü\u202egpj.exe", '"ü\\342\\200\\256gpj.exe"'],
])("the path %j is shown as %s", (path, text) => {
  expect(showPath(Buffer.from(path))).toBe(text);
  expect(readPath(text).toString()).toBe(path);
});

test("bytes that are not UTF-8 are escaped as in git", () => {
  expect(showPath(Buffer.from("caf\xe9.txt", "latin1"))).toBe('"caf\\351.txt"');
});

test("any path comes back byte for byte", () => {
  const byte = fc.integer({ min: 1, max: 255 });
  const odd = fc.constantFrom(9, 10, 34, 92, 0xe9, 0xc3, 0xa4);
  fc.assert(
    fc.property(fc.array(fc.oneof(byte, odd), { minLength: 1 }), (bytes) => {
      const path = Buffer.from(bytes);
      const text = showPath(path);
      expect(readPath(text)).toEqual(path);
      expect(isUtf8(Buffer.from(text))).toBe(true);
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});

test.each(['"open', '"', '"a\\q"', '"a"b"', '"\\9"'])("%s is refused with a hint what to write", (text) => {
  expect(() => readPath(text)).toThrow(/Copy it from an earlier answer/);
});
