import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const { folder, ok, error } = useServer({ files: { "a.txt": "a", "b/c.txt": "c", "big.bin": "x".repeat(1000) } });
const cleanup = useCleanup();

const namesOf = (value: Readonly<Record<string, unknown>>) =>
  (Array.isArray(value.entries) ? value.entries : []).map(({ name }) => name);

/** A directory for this test alone. */
function directory(name: string): string {
  mkdirSync(folder.at(name));
  cleanup(() => rmSync(folder.at(name), { recursive: true, force: true }));
  return folder.at(name);
}

test("entries have type, size and time, and the text says the same", async () => {
  utimesSync(folder.at("a.txt"), 1_700_000_000, 1_700_000_000);
  const { value, text } = await ok("list_directory", { path: "." });
  expect(value).toMatchObject({
    entries: [
      { name: "a.txt", type: "file", size: 1, modified: "2023-11-14T22:13:20.000Z" },
      { name: "b", type: "directory" },
      { name: "big.bin", type: "file", size: 1000 },
    ],
    total: 3,
  });
  expect(value).not.toHaveProperty("cursor");
  expect(text.split("\n")).toEqual([
    "[FILE] a.txt (1 B, 2023-11-14T22:13:20.000Z)",
    expect.stringMatching(/^\[DIR\] b \(20.*Z\)$/),
    expect.stringMatching(/^\[FILE\] big.bin \(1000 B, .*Z\)$/),
    "3 of 3 entries",
  ]);
});

test("the largest, or the newest, come first", async () => {
  const at = directory("sorted");
  for (const [index, name] of ["one", "two", "three", "four"].entries()) {
    writeFileSync(`${at}/${name}`, "x".repeat(10 - (index % 2)));
    utimesSync(`${at}/${name}`, 1_700_000_000 + index, 1_700_000_000 + index);
  }
  const by = async (sortBy: string) => namesOf((await ok("list_directory", { path: "sorted", sortBy })).value);
  expect(await by("size")).toEqual(["one", "three", "four", "two"]);
  expect(await by("modified")).toEqual(["four", "three", "two", "one"]);
  expect(await by("name")).toEqual(["four", "one", "three", "two"]);
});

test.each(["name", "size", "modified"])(
  "pages by %s go on where the one before ended, whatever comes and goes",
  async (sortBy) => {
    const at = directory("paged");
    for (let index = 0; index < 25; index += 1) writeFileSync(`${at}/f${index}`, "x".repeat(index % 3));
    const seen: unknown[] = [];
    let cursor: unknown;
    for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
      const { value } = await ok("list_directory", { path: "paged", sortBy, limit: 4, ...(page > 0 && { cursor }) });
      seen.push(...namesOf(value));
      cursor = value.cursor;
      // An entry that was already reported is removed, and none of the rest is skipped.
      if (page === 1) rmSync(`${at}/${String(seen[0])}`);
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  },
);

test("a pattern leaves names out", async () => {
  const { value } = await ok("list_directory", { path: folder.path, pattern: "*.{txt,md}" });
  expect(value).toMatchObject({ total: 1, entries: [{ name: "a.txt" }] });
  const { value: directories } = await ok("list_directory", { path: "", pattern: "*/" });
  expect(namesOf(directories)).toEqual(["b"]);
});

test("a symlink is shown as one, with the kind of its target", async () => {
  const at = directory("links");
  symlinkSync("../a.txt", `${at}/to-file`);
  symlinkSync("../b", `${at}/to-directory`);
  symlinkSync("/etc/passwd", `${at}/outside`);
  symlinkSync("nowhere", `${at}/missing`);
  symlinkSync("loop", `${at}/loop`);
  const { value, text } = await ok("list_directory", { path: "links" });
  expect(value.entries).toMatchObject([
    { name: "loop", type: "symlink", target: "missing" },
    { name: "missing", type: "symlink", target: "missing" },
    { name: "outside", type: "symlink", target: "outside" },
    { name: "to-directory", type: "symlink", target: "directory" },
    { name: "to-file", type: "symlink", target: "file" },
  ]);
  expect(text).toContain("[LINK] to-file -> file");
});

test("a link to a directory is listed, a FIFO and a socket are reported and not opened", async () => {
  const at = directory("odd");
  symlinkSync("../b", `${at}/link`);
  execFileSync("mkfifo", [`${at}/fifo`]);
  const server = createServer().listen(`${at}/socket`);
  await new Promise((resolve) => server.once("listening", resolve));
  cleanup(() => server.close());
  expect(namesOf((await ok("list_directory", { path: "odd/link" })).value)).toEqual(["c.txt"]);
  const { text } = await ok("list_directory", { path: "odd" });
  expect(text).toContain("[OTHER] fifo");
  expect(text).toContain("[OTHER] socket");
});

test("names with line breaks are one line of text, and those that are not UTF-8 are marked", async () => {
  const at = directory("names");
  writeFileSync(`${at}/a\n[DIR] b`, "");
  writeFileSync(Buffer.concat([Buffer.from(`${at}/x`), Buffer.from([0xff])]), "");
  writeFileSync(`${at}/${"n".repeat(255)}`, "");
  const { value, text } = await ok("list_directory", { path: "names" });
  expect(text).toContain("[FILE] a\\u{a}[DIR] b (0 B");
  expect(text).toContain("[FILE] x\uFFFD (name is not UTF-8)");
  expect(text).toContain("n".repeat(255));
  expect(value.entries).toContainEqual({ name: "x\uFFFD", type: "file", not_utf8: true });
});

test("a page is no larger than a result may be", async () => {
  const at = directory("long");
  for (let index = 0; index < 400; index += 1) writeFileSync(`${at}/${"n".repeat(200)}-${index}`, "");
  const { value } = await ok("list_directory", { path: "long", limit: 1000 });
  expect(namesOf(value).length).toBeGreaterThan(50);
  expect(value).toMatchObject({ total: 400, cursor: expect.any(String) });
});

test.each<[args: Readonly<Record<string, unknown>>, words: string]>([
  [{ path: "a.txt" }, "is not a directory"],
  [{ path: "none" }, "does not exist"],
  [{ path: "../" }, "outside the allowed directories"],
  [{ path: "", limit: 0 }, "limit"],
  [{ path: "", limit: 1.5 }, "limit"],
  [{ path: "", cursor: "abc" }, "cursor: pass the cursor from the previous page"],
  [{ path: "", pattern: "[" }, "is not valid"],
])("%j is refused", async (args, words) => {
  expect(await error("list_directory", args)).toContain(words);
});

test("a cursor of another question is refused", async () => {
  const { value } = await ok("list_directory", { path: "", limit: 1 });
  expect(await error("list_directory", { path: "", sortBy: "size", cursor: value.cursor })).toContain("cursor");
});

test.skipIf(process.getuid?.() === 0)("a directory that may not be read is refused", async () => {
  const at = directory("secret");
  chmodSync(at, 0);
  cleanup(() => chmodSync(at, 0o700));
  expect(await error("list_directory", { path: "secret" })).toContain("not permitted");
});
