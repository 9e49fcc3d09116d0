import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { call, connect, isHeavy, makeFolder } from "@org/server-kit/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";

const SECRET = "SECRET-FROM-OUTSIDE";
const base = makeFolder();
const served = base.at("served");
let connection: Awaited<ReturnType<typeof connect>>;

beforeAll(async () => {
  // Neighbours whose names look like the served folder's after trimming, unquoting, folding or cutting.
  for (const name of ["served ", " served", "served'", '"served"', "served_evil", "SERVED", "outside", "e\u0301"]) {
    base.write(`${name}/secret.txt`, SECRET);
  }
  base.write("secret.txt", SECRET);
  base.write("served/a.txt", "inside");
  base.write("served/dir/b.txt", "inside");
  base.write("served/é.txt", "inside");
  mkdirSync(path.join(served, "empty"));
  symlinkSync(base.at("outside"), path.join(served, "out"));
  symlinkSync("../secret.txt", path.join(served, "out.txt"));
  symlinkSync(base.at("served "), path.join(served, "blank"));
  symlinkSync("dir", path.join(served, "in"));
  symlinkSync("loop", path.join(served, "loop"));
  symlinkSync("../nothing-yet", path.join(served, "dangling"));
  connection = await connect(filesystemServer, { args: [served] });
});
afterAll(async () => {
  await connection.close();
  base.remove();
});

const part = fc.oneof(
  fc.constantFrom("..", ".", "", "a.txt", "dir", "b.txt", "out", "out.txt", "secret.txt", "blank", "in", "loop"),
  fc.constantFrom("dangling", "~", "~root", "%2e%2e", "%2f", "..%00", "\0", "a.txt\0.png", " ", "'", '"', "served"),
  fc.constantFrom("C:", "C:\\", "\\\\server\\share", "\\\\?\\C:\\x", "a.txt:stream", "a.txt::$DATA", "CON", "NUL"),
  fc.constantFrom("..\\", "..;", "....", "..\u2215", "\uFF0E\uFF0E", "e\u0301.txt", "é.txt", "A.TXT", "\u202e", "\n"),
  fc.constantFrom("proc", "self", "fd", "0", "root", "cwd", "x".repeat(255), "y".repeat(256), "日".repeat(86), "🍰"),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const start = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("", "./", "../", "dir/../", "in/../../", "out/../", "blank/../") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "/",
      "//",
      "/proc/self/",
      "/proc/self/cwd/",
      "/dev/stdin/",
      "file://",
      "\\",
      "~/",
      "C:/",
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom("", "/", "/../", "/.", " /", "'/", "_evil/", "//").map((end) => served + end),
  },
);
const end = fc.constantFrom("", "/", "/.", "/..", " ", "'", "\\", "\0", "/a.txt/../..");
const oddPath = fc
  .tuple(start, fc.array(part, { maxLength: 6 }), end)
  .map(([first, parts, last]) => first + parts.join("/") + last);

const READS = ["read_text_file", "read_media_file", "list_directory", "directory_tree", "get_file_info"] as const;

test("no odd path reads, lists or describes anything outside, and no error tells where the folder is", async () => {
  const check = async (given: string, tool: (typeof READS)[number]) => {
    const { isError, text, content } = await call(connection.client, tool, { path: given });
    const said = JSON.stringify(content);
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain(Buffer.from(SECRET).toString("base64"));
    expect(said).not.toContain("secret.txt\\n");
    expect(text).not.toMatch(/internal|ENOENT|EACCES|node:|\/proc\/self\/fd/);
    if (isError) {
      expect(text).toMatch(/^[a-z_]+: [^\n]*[.?]$/);
      if (!given.includes(base.path)) expect(text).not.toContain(base.path);
    }
  };
  await fc.assert(fc.asyncProperty(oddPath, fc.constantFrom(...READS), check), { numRuns: isHeavy ? 20_000 : 600 });
});

test("no odd path writes, moves, copies or deletes anything outside", async () => {
  const outside = () =>
    ["secret.txt", "outside/secret.txt", "served /secret.txt", "served_evil/secret.txt"].map(base.read);
  const names = () => JSON.stringify(base.list());
  const before = names();
  const acts: readonly ((given: string) => readonly [string, Readonly<Record<string, unknown>>])[] = [
    (given) => ["write_file", { path: given, content: "written" }],
    (given) => ["edit_file", { path: given, edits: [{ oldText: "SECRET", newText: "taken" }] }],
    (given) => ["create_directory", { path: given }],
    (given) => ["move_file", { source: given, destination: "taken" }],
    (given) => ["move_file", { source: "a.txt", destination: given }],
    (given) => ["copy_file", { source: given, destination: "taken-too" }],
    (given) => ["copy_file", { source: "a.txt", destination: given }],
    (given) => ["delete_file", { path: given, recursive: true }],
  ];
  const check = async (given: string, act: (typeof acts)[number]) => {
    const [tool, args] = act(given);
    const { text } = await call(connection.client, tool, args);
    expect(text).not.toMatch(/internal|ENOENT|node:|\/proc\/self\/fd/);
    expect(text).not.toContain(SECRET);
    expect(outside()).toEqual([SECRET, SECRET, SECRET, SECRET]);
    expect(names()).toBe(before);
    writeFileSync(`${served}/a.txt`, "inside");
    for (const name of ["taken", "taken-too"]) rmSync(`${served}/${name}`, { recursive: true, force: true });
  };
  await fc.assert(fc.asyncProperty(oddPath, fc.constantFrom(...acts), check), { numRuns: isHeavy ? 20_000 : 300 });
});
