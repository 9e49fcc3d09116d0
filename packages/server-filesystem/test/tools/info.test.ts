import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, utimesSync } from "node:fs";
import { createServer } from "node:net";
import { call, connect } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../../src/server.ts";
import { useServer } from "../use-server.ts";

describe("get_file_info", () => {
  const server = useServer({ files: { "a.md": "# Title\n", "sub/b": "b" } });
  const { at, write } = server.folder;
  const info = async (path: string, more = {}) => (await server.ok("get_file_info", { path, ...more })).value;

  test("describes a file and a directory", async () => {
    chmodSync(at("a.md"), 0o640);
    utimesSync(at("a.md"), 1e9, 1e9);
    const { value, text } = await server.ok("get_file_info", { path: "a.md" });
    expect(value).toEqual({
      path: "a.md",
      type: "file",
      size: 8,
      created: expect.stringMatching(/^\d{4}-.*Z$/),
      modified: "2001-09-09T01:46:40.000Z",
      permissions: "0640",
      writable: true,
      mime_type: "text/markdown",
      etag: expect.stringMatching(/^[\w-]{16}$/),
    });
    expect(text).toContain("size: 8\n");
    expect(text).toContain("permissions: 0640\n");
    chmodSync(at("sub"), 0o755);
    expect(await info("sub")).toMatchObject({ type: "directory", permissions: "0755" });
    expect(await info("")).toMatchObject({ path: "", type: "directory" });
  });

  test.each(["sha256", "sha512", "sha1", "md5"])("%s of a file", async (hash) => {
    const expected = createHash(hash).update("# Title\n").digest("hex");
    expect(await info("a.md", { hash })).toMatchObject({ hash: expected });
    expect(await server.error("get_file_info", { path: "sub", hash })).toMatch(/^invalid_input: "sub"/);
  });

  test("a file over the read limit still has a checksum", async () => {
    write("large", "");
    truncateSync(at("large"), 64 << 20);
    const expected = createHash("md5")
      .update(Buffer.alloc(64 << 20))
      .digest("hex");
    const value = await info("large", { hash: "md5" });
    expect(value).toMatchObject({ size: 64 << 20, hash: expected, etag: expect.stringMatching(/^s\./) });
  });

  test("describes a link and its target, and nothing outside", async () => {
    symlinkSync("a.md", at("link"));
    symlinkSync("sub", at("linkdir"));
    symlinkSync("/etc/hostname", at("out"));
    symlinkSync("nowhere", at("dangling"));
    symlinkSync("loop", at("loop"));
    expect(await info("link")).toMatchObject({ type: "symlink", target: "file", size: 8 });
    expect(await info("linkdir")).toMatchObject({ type: "symlink", target: "directory" });
    for (const [path, target] of [
      ["out", "outside"],
      ["dangling", "missing"],
      ["loop", "missing"],
    ] as const) {
      const { value, text } = await server.ok("get_file_info", { path });
      expect(value).toMatchObject({ type: "symlink", target });
      expect(text).not.toMatch(/hostname|nowhere/);
    }
    expect(await server.error("get_file_info", { path: "out", hash: "md5" })).toMatch(/^access_denied: "out"/);
  });

  test.skipIf(process.platform === "win32")("describes a FIFO and a socket without opening them", async () => {
    execFileSync("mkfifo", [at("fifo")]);
    const listener = createServer().listen(at("socket"));
    expect(await info("fifo")).toMatchObject({ type: "other" });
    expect(await info("socket")).toMatchObject({ type: "other" });
    expect(await server.error("get_file_info", { path: "fifo", hash: "md5" })).toMatch(/^invalid_input/);
    listener.close();
  });

  test("reports further names of a file, and the type of unknown files", async () => {
    write("one", "text without an ending");
    linkSync(at("one"), at("two"));
    expect(await info("one")).toMatchObject({ links: 2, mime_type: "text/plain" });
    write("data", Buffer.from([0, 1, 2, 0xff]));
    expect(await info("data")).toMatchObject({ mime_type: "application/octet-stream" });
    expect(await info("data")).not.toHaveProperty("links");
  });

  test("writable is what a write would find", async ({ skip }) => {
    const writable = async (path: string) => (await info(path)).writable;
    mkdirSync(at("locked"));
    write("locked/file", "x");
    write("only-read", "x");
    expect(await writable("locked")).toBe(true);
    expect(await writable("locked/file")).toBe(true);
    await using reader = await connect(filesystemServer, { args: ["--ro", server.folder.path] });
    expect((await call(reader.client, "get_file_info", { path: at("locked/file") })).value).toMatchObject({
      writable: false,
    });
    if (process.getuid?.() === 0) skip("root may write everything");
    chmodSync(at("locked"), 0o500);
    chmodSync(at("only-read"), 0o400);
    expect(await writable("locked")).toBe(false);
    expect(await writable("locked/file")).toBe(false);
    expect(await writable("only-read")).toBe(false);
    chmodSync(at("locked"), 0o700);
  });

  test("a time that no date stands for is left out", async () => {
    mkdirSync(at("odd"));
    utimesSync(at("odd"), 1e13, 1e13);
    expect(await info("odd")).toMatchObject({ type: "directory" });
  });

  test("names a missing file as it was named", async () => {
    expect(await server.error("get_file_info", { path: "sub/none" })).toMatch(/^not_found: "sub\/none" /);
    expect(await server.error("get_file_info", { path: "a.md", hash: "crc" })).toMatch(/^invalid_input/);
  });
});
