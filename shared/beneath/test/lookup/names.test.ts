import { expect, test } from "vitest";
import { type BeneathError, isTemporary } from "../../src/index.ts";
import { relativePath, temporaryName } from "../../src/lookup/names.ts";

function judge(path: string, platform: NodeJS.Platform, base: string): string {
  try {
    return `=${relativePath(path, [base], platform)}`;
  } catch (error) {
    return (error as BeneathError).code;
  }
}
const posix = (path: string) => judge(path, "linux", "/srv/notes");
const windows = (path: string) => judge(path, "win32", "C:\\Users\\Ada\\notes");

test("paths become relative and normal", () => {
  expect(["", ".", "./", "a//b/./c/", "a/../b", "/srv/notes", "/srv/notes/", "/srv/notes/a/b"].map(posix)).toEqual([
    "=",
    "=",
    "=",
    "=a/b/c",
    "=b",
    "=",
    "=",
    "=a/b",
  ]);
});

test("a path that climbs over the root is outside, even when it comes back", () => {
  const climbing = ["..", "../x", "a/../../b", "../notes/a", "/srv/notes/../notes/a", "/srv", "/", "/etc/passwd"];
  const siblings = ["/srv/notes2", "/srv/notes_evil/secret", "/srv/notes ", "/srv/notes'"];
  for (const path of [...climbing, ...siblings]) expect([path, posix(path)]).toEqual([path, "outside"]);
});

test("nothing is trimmed, unquoted, decoded or folded", () => {
  const plain = [
    " a ",
    "'a'",
    '"a"',
    "%2e%2e",
    "a%00b",
    "..\\..\\x",
    "C:\\x",
    "~",
    "~x",
    "...",
    "..a",
    "CON",
    "a:b",
    "*",
    "\n",
  ];
  for (const path of [...plain, "e\u0301", "\u00e9", "a\u202fb"]) expect(posix(path)).toBe(`=${path}`);
});

test("an impossible path is a wrong name", () => {
  const wrong = [
    "a\0b",
    "\0",
    "a.txt\0.png",
    "\ud800",
    "a/\udfff",
    "x".repeat(256),
    "é".repeat(128),
    "a/".repeat(70_000),
  ];
  for (const path of wrong) expect(posix(path)).toBe("name");
  expect(posix("x".repeat(255))).toBe(`=${"x".repeat(255)}`);
});

test("Windows: both separators, no drive, share or device path, no stream, no device, no trailing dot", () => {
  expect(windows("a\\b/c")).toBe("=a/b/c");
  expect(windows("c:\\users\\ADA\\notes\\a")).toBe("=a");
  for (const path of [
    "D:\\x",
    "C:x",
    "C:",
    "\\x",
    "/x",
    "\\\\host\\share\\x",
    "\\\\?\\C:\\Users\\Ada\\notes\\x",
    "//./COM1",
  ]) {
    expect([path, windows(path)]).toEqual([path, "outside"]);
  }
  for (const path of ["a..\\..\\..", "a\\..\\..\\b", "..\\x"]) expect(windows(path)).not.toMatch(/^=/);
  const names = [
    "CON",
    "nul.txt",
    "a/COM1",
    "Lpt9.log",
    "aux .x",
    "ab:stream",
    "ab::$DATA",
    "a.",
    "a ",
    "a?",
    "a|b",
    "<",
    "a\u0001",
  ];
  for (const path of names) expect([path, windows(path)]).toEqual([path, "name"]);
  for (const path of ["console.txt", "com10", "auxiliary", "nullable.md"]) expect(windows(path)).toBe(`=${path}`);
});

test("a temporary name is recognized among others", () => {
  expect(isTemporary(temporaryName())).toBe(true);
  expect(temporaryName()).not.toBe(temporaryName());
  for (const name of [".beneath-.tmp", "beneath-0123456789abcdef01234567.tmp", `${temporaryName()}x`]) {
    expect(isTemporary(name)).toBe(false);
  }
});
