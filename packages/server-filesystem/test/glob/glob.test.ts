import fc from "fast-check";
import { expect, test } from "vitest";
import { compileExclude, compileGlob } from "../../src/glob/glob.ts";
import { PatternError } from "../../src/glob/pattern-error.ts";

const matches = (pattern: string, ...paths: readonly string[]) => paths.filter((path) => compileGlob(pattern)(path));

test("a pattern without a slash is matched with the name, at any depth, dotfiles included", () => {
  const paths = ["a.ts", "src/a.ts", "src/deep/.a.ts", "a.tsx", "a.ts/b"];
  expect(matches("*.ts", ...paths)).toEqual(["a.ts", "src/a.ts", "src/deep/.a.ts"]);
  expect(matches("*", ".env", "a/.env")).toEqual([".env", "a/.env"]);
  expect(matches("node_modules", "node_modules", "a/node_modules", "node_modules/a")).toEqual([
    "node_modules",
    "a/node_modules",
  ]);
});

test("a pattern with a slash is matched with the path, and a leading one anchors a name", () => {
  expect(matches("src/*.ts", "src/a.ts", "src/deep/a.ts", "lib/src/a.ts")).toEqual(["src/a.ts"]);
  expect(matches("./src/*.ts", "src/a.ts")).toEqual(["src/a.ts"]);
  expect(matches("/*.md", "a.md", "docs/a.md")).toEqual(["a.md"]);
  expect(matches("src/**/*.ts", "src/a.ts", "src/deep/er/a.ts", "a.ts")).toEqual(["src/a.ts", "src/deep/er/a.ts"]);
  expect(matches("**/test/**", "test", "test/a", "a/test/b/c")).toEqual(["test/a", "a/test/b/c"]);
  expect(matches("**", "a", "a/b")).toEqual(["a", "a/b"]);
  expect(matches("**/.env", ".env", "a/b/.env")).toEqual([".env", "a/b/.env"]);
});

test("sets, single characters, alternatives and escapes", () => {
  expect(matches("file-[0-9].txt", "file-1.txt", "file-a.txt")).toEqual(["file-1.txt"]);
  expect(matches("[!a-c]?", "ax", "dx", "d")).toEqual(["dx"]);
  expect(matches("[]x]", "]", "x", "y")).toEqual(["]", "x"]);
  expect(matches("[a-]", "a", "-", "b")).toEqual(["a", "-"]);
  expect(matches("?.txt", "é.txt", "😀.txt", "ab.txt")).toEqual(["é.txt", "😀.txt"]);
  expect(matches("*.{ts,{j,m}s}", "a.ts", "a.js", "a.ms", "a.cs")).toEqual(["a.ts", "a.js", "a.ms"]);
  expect(matches("{src,lib}/{a,b}", "src/b", "lib/a", "src/c")).toEqual(["src/b", "lib/a"]);
  expect(matches("a{,b}", "a", "ab", "abc")).toEqual(["a", "ab"]);
  expect(matches("{name}.txt", "{name}.txt", "name.txt")).toEqual(["{name}.txt"]);
  expect(matches("\\*\\{a,b\\}", "*{a,b}", "xa")).toEqual(["*{a,b}"]);
  expect(matches("a\\(1\\)", "a(1)")).toEqual(["a(1)"]);
  expect(matches("[{]a,b[}]", "{a,b}")).toEqual(["{a,b}"]);
});

test("a trailing slash means directories only, and case can be ignored in any script", () => {
  const glob = compileGlob("build/");
  expect([glob("a/build", true), glob("build", false), glob("build")]).toEqual([true, false, true]);
  const fold = compileGlob("*.ÄB[C-D]", { ignoreCase: true });
  expect(["x.äbc", "x.ÄBD", "x.abc"].map((path) => fold(path))).toEqual([true, true, false]);
});

test("a directory whose whole contents are excluded is excluded itself", () => {
  const excluded = compileExclude(["**/node_modules/**", "dist/**", "*.log"]);
  const paths = ["node_modules", "a/node_modules", "a/node_modules/b", "dist", "a/dist", "x/y.log", "src"];
  expect(paths.filter((path) => excluded(path))).toEqual([
    "node_modules",
    "a/node_modules",
    "a/node_modules/b",
    "dist",
    "x/y.log",
  ]);
});

test.each([
  ["", "empty"],
  ["[a", "never closed with ]"],
  ["{a,b", "never closed with }"],
  ["a\\", "backslash"],
  ["*.+(ts|js)", "not supported"],
  ["@(a)", "not supported"],
  ["!a", "begins with !"],
  ["{1..3}", "ranges"],
  ["a\0b", "NUL"],
  ["/", "names nothing"],
  ["a".repeat(1001), "longer than"],
  ["{".repeat(60_000), "longer than"],
  ["{a,b}".repeat(12), "stand for more"],
  [`${"{a,".repeat(200)}b${"}".repeat(200)}`, "nested"],
  ["[".repeat(900), "never closed with ]"],
])("%s is refused in words", (pattern, words) => {
  expect(() => compileGlob(pattern)).toThrow(PatternError);
  expect(() => compileGlob(pattern)).toThrow(words);
});

test.each([
  [`${"*a".repeat(200)}b`, "a".repeat(255)],
  [`${"**/".repeat(300)}b`, "a/".repeat(2000).concat("a")],
  [`${"*a*/".repeat(150)}b`, `${"a".repeat(200)}/`.repeat(20).concat("a")],
  [`{${"*a".repeat(100)}b,${"*a".repeat(100)}c}`, "a".repeat(255)],
  [`${"?*".repeat(300)}b`, "a".repeat(255)],
])("a bomb takes no longer than its length: %#", (pattern, path) => {
  const glob = compileGlob(pattern);
  for (let count = 0; count < 20; count += 1) expect(glob(path)).toBe(false);
});

/** The simplest correct implementation, which may take forever. */
function reference(pattern: string, path: string): boolean {
  const parts = pattern.split("/").filter((part) => part !== "");
  if (!pattern.includes("/")) return name([...pattern], [...(path.split("/").at(-1) ?? "")]);
  return names(parts, path.split("/"));
}

function names(parts: readonly string[], path: readonly string[]): boolean {
  const [part, ...rest] = parts;
  if (part === undefined) return path.length === 0;
  if (part === "**" && rest.length === 0) return path.length > 0;
  if (part === "**") return names(rest, path) || (path.length > 0 && names(parts, path.slice(1)));
  const [first, ...others] = path;
  return first !== undefined && name([...part], [...first]) && names(rest, others);
}

function name(pattern: readonly string[], text: readonly string[]): boolean {
  const [sign, ...rest] = pattern;
  if (sign === undefined) return text.length === 0;
  if (sign === "*") return name(rest, text) || (text.length > 0 && name(pattern, text.slice(1)));
  return text.length > 0 && (sign === "?" || sign === text[0]) && name(rest, text.slice(1));
}

test("globs match the same paths as a simple matcher", () => {
  const part = fc.oneof(
    fc.constant("**"),
    fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "é"), minLength: 1, maxLength: 6 }),
  );
  const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  const path = fc
    .array(fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((all) => all.join("/"));
  fc.assert(
    fc.property(pattern, path, (pattern, path) => {
      expect(compileGlob(pattern)(path)).toBe(reference(pattern, path));
    }),
    { numRuns: process.env.HEAVY ? 200_000 : 5000 },
  );
});

test("any text is a pattern or refused in words", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."ab*?[]{},\\/!-^(.é"), maxLength: 30 }),
      fc.string(),
      (pattern, path) => {
        try {
          compileGlob(pattern)(path);
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError);
        }
      },
    ),
    { numRuns: process.env.HEAVY ? 200_000 : 5000 },
  );
});
