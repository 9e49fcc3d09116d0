import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCover } from "../../src/glob/cover.ts";
import { compileGlob } from "../../src/glob/glob.ts";

const covers = (glob: string, path: string) => compileCover(glob)(path.split("/"));

test.each([
  [".env", "a/.env", true],
  [".env", "a/.env/b/c", true],
  [".env", "a/.envx", false],
  ["/.env", "a/.env", false],
  ["/a", "a/b", true],
  ["a/*.pem", "a/k.pem/x", true],
  ["a/*.pem", "b/a/k.pem", false],
  ["a/**", "a", false],
  ["a/**", "a/b/c", true],
  ["**/a/**/b", "x/a/b/y", true],
  ["**/a/**/b", "x/a/y/z/b", true],
  ["**/a/**/b", "x/a/y", false],
  ["**", "a", true],
  ["secret/", "secret", true],
  ["./{a,b}/c", "b/c/d", true],
  ["A*", "abc", true],
])("%s of %s: %s", (glob, path, is) => {
  expect(covers(glob, path)).toBe(is);
});

const name = fc.constantFrom("a", "b", "ab", ".a");
const part = fc.constantFrom("a", "b", "*", "?", "a*", "*b", "**", "[ab]", "{a,b}");
const list = (of: fc.Arbitrary<string>, most: number) => fc.array(of, { minLength: 1, maxLength: most });

test("matches when the glob matches the path, or a directory that contains it", () => {
  fc.assert(
    fc.property(
      list(part, 5),
      list(name, 6),
      fc.constantFrom("", "/"),
      fc.constantFrom("", "/"),
      (parts, names, a, b) => {
        const glob = `${a}${parts.join("/")}${b}`;
        const matches = compileGlob(glob, { ignoreCase: true });
        const beginnings = names.map((_, index) => names.slice(0, index + 1).join("/"));
        expect(compileCover(glob)(names)).toBe(beginnings.some((path) => matches(path)));
      },
    ),
    { numRuns: 5000 },
  );
});

describe("a path of 65,000 names", () => {
  const names = Array.from({ length: 65_000 }, () => "a");

  // Trying each prefix would take minutes: this test would time out.
  test.each(["*.pem", "/q/w", "a/**/b/**/c/**/x", "**/**/**/**/x", `${"a/".repeat(400)}b`])("and %s", (glob) => {
    expect(compileCover(glob)(names)).toBe(false);
  });
});
