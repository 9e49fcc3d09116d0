import { existsSync, symlinkSync } from "node:fs";
import { call, connect, makeFolder, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { createJudge } from "../src/sandbox/rules.ts";
import { filesystemServer } from "../src/server.ts";
import { useServer } from "./use-server.ts";

const cleanup = useCleanup();

async function open(
  files: Readonly<Record<string, string>>,
  args: (at: (name: string) => string) => readonly string[],
) {
  const folder = makeFolder(files);
  cleanup(folder.remove);
  const { client, close } = await connect(filesystemServer, { args: args(folder.at) });
  cleanup(close);
  const outcome = async (path: string) => {
    const { isError, text } = await call(client, "get_file_info", { path });
    return isError ? text.slice(0, text.indexOf(":")) : "ok";
  };
  return { folder, client, outcome };
}

describe("--deny", () => {
  const server = useServer({
    files: {
      ".env": "SECRET",
      "a/b/.env": "SECRET",
      "a/ok.txt": "ok",
      "keys/id.pem": "SECRET",
      "keys/pub.txt": "pub",
      "top/secret.txt": "SECRET",
      "a/top/secret.txt": "not denied",
      "private/deep/x.txt": "SECRET",
      "Caf\u00e9": "SECRET",
    },
    args: [
      "--deny",
      ".env",
      "--deny",
      "*.pem",
      "--deny",
      "/top/secret.txt",
      "--deny",
      "private",
      "--deny",
      "Cafe\u0301",
    ],
  });
  const { at } = server.folder;
  const denied = [".env", "a/b/.env", "keys/id.pem", "top/secret.txt", "private", "private/deep/x.txt", "Caf\u00e9"];

  test.each(denied)("%j is neither described, changed, moved, copied nor deleted", async (path) => {
    for (const given of [path, at(path)]) {
      expect(await server.error("get_file_info", { path: given })).toMatch(/^access_denied: .*--deny/);
      expect(await server.error("move_file", { source: given, destination: "moved" })).toMatch(/^access_denied/);
      expect(await server.error("copy_file", { source: given, destination: "copied" })).toMatch(/^access_denied/);
      expect(await server.error("delete_file", { path: given, recursive: true })).toMatch(/^access_denied/);
      expect(await server.error("create_directory", { path: given })).toMatch(/^access_denied/);
    }
    expect([existsSync(at("moved")), existsSync(at("copied")), existsSync(at(path))]).toEqual([false, false, true]);
  });

  test.each(["a/ok.txt", "keys/pub.txt", "a/top/secret.txt", "keys", "top", ".environment", "x.pem.txt"])(
    "%j is not",
    async (path) => {
      if (!existsSync(at(path))) server.folder.write(path, "x");
      await server.ok("get_file_info", { path });
    },
  );

  test.each([".ENV", "KEYS/ID.PEM", "Private/x", "Cafe\u0301", "CAF\u00c9"])(
    "the twin %j of a denied name is denied, whether it is there or not",
    async (path) => {
      expect(await server.error("get_file_info", { path })).toMatch(/^access_denied/);
    },
  );

  test("links to denied files, and names for them, are denied", async () => {
    symlinkSync(".env", at("link"));
    symlinkSync("private", at("linkdir"));
    for (const path of ["linkdir/deep/x.txt", "a/../.env", "a/b/../../private/deep/x.txt"]) {
      expect(await server.error("get_file_info", { path })).toMatch(/^access_denied/);
    }
    expect(await server.error("copy_file", { source: "link", destination: "leaked" })).toMatch(/^access_denied/);
    expect(await server.error("get_file_info", { path: "link", hash: "md5" })).toMatch(/^access_denied/);
    const { value } = await server.ok("get_file_info", { path: "linkdir" });
    expect(value.target).not.toBe("directory");
  });

  test("nothing becomes a denied name, or a place for one", async () => {
    server.folder.write("plain.txt", "x");
    for (const destination of ["x.pem", "private/x", "a/.env"]) {
      expect(await server.error("move_file", { source: "plain.txt", destination })).toMatch(/^access_denied/);
      expect(await server.error("copy_file", { source: "plain.txt", destination })).toMatch(/^access_denied/);
    }
  });

  test("a directory with denied contents is not deleted", async () => {
    expect((await server.error("delete_file", { path: "a/b", recursive: true })).slice(0, 13)).toBe("access_denied");
    expect(existsSync(at("a/b/.env"))).toBe(true);
  });

  test("a near miss is not suggested", async () => {
    server.folder.write("look/a.pem", "x");
    expect(await server.error("get_file_info", { path: "look/a.pem " })).not.toMatch(/Did you mean/);
  });
});

test("an allowed directory's own path in a glob is that directory", async () => {
  const { folder, outcome } = await open({ "one/x": "1", "two/x": "2", "two/one/x": "3" }, (at) => [
    at("one"),
    at("two"),
    "--deny",
    at("one/x"),
  ]);
  expect(await outcome("x")).toBe("access_denied");
  expect(await outcome(folder.at("two/x"))).toBe("ok");
  expect(await outcome(folder.at("two/one/x"))).toBe("ok");
  const odd = await open({ "[a]*/x": "x", "b/x": "x" }, (at) => [at("[a]*"), at("b"), "--deny", at("[a]*/x")]);
  expect([await odd.outcome("x"), await odd.outcome(odd.folder.at("b/x"))]).toEqual(["access_denied", "ok"]);
});

test.each([
  ["any directory there", (root: string) => root.replace(/[^/]+$/, "*/a/x"), ["a/x"], ["x", "b/a/x"]],
  ["any depth", (root: string) => `${root}/**/x`, ["x", "a/x", "b/a/x"], ["a", "y"]],
  ["the directory itself", (root: string) => root, ["x", "a/x", "y"], []],
  ["one around it", (root: string) => root.replace(/\/[^/]+$/, "/"), ["x", "a/x", "y"], []],
  ["another one", () => "/elsewhere/x", [], ["x", "a/x", "y"]],
] as const)("an absolute glob of %s", async (_, glob, denied, free) => {
  const { outcome } = await open({ x: "x", y: "y", "a/x": "x", "b/a/x": "x" }, (at) => [
    at("."),
    "--deny",
    glob(at(".").replace(/\/$/, "")),
  ]);
  for (const path of denied) expect([path, await outcome(path)]).toEqual([path, "access_denied"]);
  for (const path of free) expect([path, await outcome(path)]).toEqual([path, "ok"]);
});

test("allowing a directory by itself does not bypass what is denied in the one around it", async () => {
  const { outcome, folder } = await open({ "sub/secret/x": "x", "sub/open": "x" }, (at) => [
    at("."),
    at("sub"),
    "--deny",
    "sub/secret",
  ]);
  expect(await outcome(folder.at("sub/secret/x"))).toBe("access_denied");
  expect(await outcome("sub/secret")).toBe("access_denied");
  expect(await outcome(folder.at("sub/open"))).toBe("ok");
});

test("an invalid glob is reported at the start", async () => {
  for (const glob of ["x".repeat(100_000), "!x", "+(a|b)"]) {
    await expect(open({}, (at) => [at("."), "--deny", glob])).rejects.toThrow(/^--deny ".*": .*\.$/);
  }
});

test("the judge holds no directory for another that only begins like it", () => {
  const judge = createJudge({ deny: [], nested: [{ path: "a/ro", writable: false }] });
  expect(["a/ro", "a/ro/x", "A/RO/x", "a/rox", "a", "b/a/ro"].map((path) => judge?.(path, "write"))).toEqual([
    "read_only",
    "read_only",
    "read_only",
    undefined,
    undefined,
    undefined,
  ]);
  expect(judge?.("a/ro/x", "read")).toBeUndefined();
  expect(createJudge({ deny: [], nested: [] })).toBeUndefined();
});
