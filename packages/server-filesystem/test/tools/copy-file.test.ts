import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync } from "node:fs";
import { call, connect, makeFolder, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../../src/server.ts";
import { useServer } from "../use-server.ts";

describe("copy_file", () => {
  const server = useServer({ files: { "a.txt": "a", "tree/one.txt": "1", "tree/sub/two.txt": "2" } });
  const { at, read, write } = server.folder;

  test("copies a file with its permissions, and leaves it", async () => {
    chmodSync(at("a.txt"), 0o750);
    const { value, text } = await server.ok("copy_file", { source: "a.txt", destination: "b.txt" });
    expect(value).toEqual({ source: "a.txt", destination: "b.txt" });
    expect(text).toBe("Copied a.txt to b.txt");
    expect([read("a.txt"), read("b.txt"), statSync(at("b.txt")).mode & 0o777]).toEqual(["a", "a", 0o750]);
  });

  test("copies a directory, its links as links, even into itself", async () => {
    symlinkSync("one.txt", at("tree/link"));
    await server.ok("copy_file", { source: "tree", destination: "copy" });
    expect([read("copy/one.txt"), read("copy/sub/two.txt"), readlinkSync(at("copy/link"))]).toEqual([
      "1",
      "2",
      "one.txt",
    ]);
    await server.ok("copy_file", { source: "tree", destination: "tree/within" });
    expect(readdirSync(at("tree/within")).sort()).toEqual(["link", "one.txt", "sub"]);
  });

  test("a link is copied as its target, when that is inside", async () => {
    symlinkSync("a.txt", at("inside"));
    symlinkSync("/etc/hostname", at("outside"));
    await server.ok("copy_file", { source: "inside", destination: "of-link.txt" });
    expect(read("of-link.txt")).toBe("a");
    expect(await server.error("copy_file", { source: "outside", destination: "x" })).toMatch(/^access_denied/);
    expect(existsSync(at("x"))).toBe(false);
  });

  test("never overwrites", async () => {
    write("taken.txt", "taken");
    mkdirSync(at("into"));
    expect(await server.error("copy_file", { source: "a.txt", destination: "taken.txt" })).toMatch(/^already_exists/);
    expect(await server.error("copy_file", { source: "tree", destination: "into" })).toMatch(/pass "into\/tree"\.$/);
    expect(await server.error("copy_file", { source: "a.txt", destination: "a.txt" })).toMatch(/^already_exists/);
    expect([read("taken.txt"), readdirSync(at("into"))]).toEqual(["taken", []]);
  });

  test("of many copies to one name one is made", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call(server.client(), "copy_file", { source: "a.txt", destination: "once.txt" })),
    );
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1);
    expect(readdirSync(server.folder.path).filter((name) => name.startsWith(".beneath"))).toEqual([]);
  });

  test.skipIf(process.platform === "win32")("refuses a FIFO at once", async () => {
    execFileSync("mkfifo", [at("fifo")]);
    expect(await server.error("copy_file", { source: "fifo", destination: "x" })).toMatch(/^invalid_input: "fifo"/);
  });

  test("tells which of its two paths is wrong", async () => {
    expect(await server.error("copy_file", { source: "none", destination: "x" })).toMatch(/^not_found: "none"/);
    expect(await server.error("copy_file", { source: "a.txt", destination: "none/x" })).toMatch(
      /^not_found: "none\/x"/,
    );
  });
});

describe("copy_file between allowed directories", () => {
  const cleanup = useCleanup();

  test("out of one that is for reading, and not into it", async () => {
    const [first, second] = [makeFolder({ "x.txt": "x" }), makeFolder({ "dir/y.txt": "y" })];
    const { client, close } = await connect(filesystemServer, { args: [first.path, "--ro", second.path] });
    cleanup(() => [first.remove(), second.remove()]);
    cleanup(close);
    const copy = (source: string, destination: string) => call(client, "copy_file", { source, destination });
    expect((await copy(second.at("dir"), "dir")).isError).toBe(false);
    expect(first.read("dir/y.txt")).toBe("y");
    expect((await copy("x.txt", second.at("x.txt"))).text).toMatch(/^access_denied: .*read-only/);
  });

  test("denied entries are not copied with their directory, which is then refused as a whole", async () => {
    const folder = makeFolder({ "dir/.env": "SECRET", "dir/a.txt": "a" });
    const { client, close } = await connect(filesystemServer, { args: [folder.path, "--deny", ".env"] });
    cleanup(folder.remove);
    cleanup(close);
    const { text } = await call(client, "copy_file", { source: "dir", destination: "copy" });
    expect(text).toMatch(/^access_denied: "dir" .* contains something that is/);
    expect(existsSync(folder.at("copy"))).toBe(false);
  });
});
