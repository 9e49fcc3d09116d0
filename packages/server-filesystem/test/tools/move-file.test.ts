import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { call, connect, makeFolder, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../../src/server.ts";
import { useServer } from "../use-server.ts";

describe("move_file", () => {
  const server = useServer();
  const { at, write, read } = server.folder;

  test("renames a file, a directory with its contents, and a link itself", async () => {
    write("old.txt", "text");
    write("dir/deep/file.txt", "deep");
    symlinkSync("dir", at("link"));
    const { value, text } = await server.ok("move_file", { source: "old.txt", destination: "new.txt" });
    expect(value).toEqual({ source: "old.txt", destination: "new.txt" });
    expect(text).toBe("Moved old.txt to new.txt");
    await server.ok("move_file", { source: at("dir"), destination: at("moved") });
    await server.ok("move_file", { source: "link", destination: "moved/link" });
    expect([read("new.txt"), read("moved/deep/file.txt"), readlinkSync(at("moved/link"))]).toEqual([
      "text",
      "deep",
      "dir",
    ]);
    expect(existsSync(at("old.txt"))).toBe(false);
  });

  test("never overwrites, and says how to move into a directory", async () => {
    write("a.txt", "a");
    write("b.txt", "b");
    mkdirSync(at("into"));
    symlinkSync("nowhere", at("dangling"));
    expect(await server.error("move_file", { source: "a.txt", destination: "b.txt" })).toMatch(
      /^already_exists: "b\.txt"/,
    );
    expect(await server.error("move_file", { source: "a.txt", destination: "dangling" })).toMatch(/^already_exists/);
    expect(await server.error("move_file", { source: "a.txt", destination: "a.txt" })).toMatch(/^already_exists/);
    expect(await server.error("move_file", { source: "a.txt", destination: "into" })).toMatch(
      /^already_exists: "into" already exists, as a directory\. .* pass "into\/a\.txt"\.$/,
    );
    expect([read("a.txt"), read("b.txt"), readdirSync(at("into"))]).toEqual(["a", "b", []]);
  });

  test("a slash at the end means a directory: it is moved into, or missing", async () => {
    write("slash/x.sh", "x");
    write("slash/file", "f");
    mkdirSync(at("slash/in"));
    symlinkSync("in", at("slash/to-in"));
    const move = (source: string, destination: string) => server.error("move_file", { source, destination });
    expect(await move("slash/x.sh", "slash/y.sh/")).toMatch(
      /^not_found: "slash\/y\.sh\/" does not exist, .* create_directory/,
    );
    expect(await move("slash/x.sh", "slash/none/y/")).toMatch(/^not_found: "slash\/none\/y\/" does not exist/);
    expect(await move("slash/x.sh", "slash/file/")).toMatch(/^invalid_input: "slash\/file\/" is not a directory/);
    expect(await move("slash/x.sh/", "slash/y")).toMatch(/^invalid_input: "slash\/x\.sh\/" is not a directory/);
    expect(await move("slash/to-in/", "slash/y")).toMatch(/^invalid_input: "slash\/to-in\/" is a link/);
    const { value, text } = await server.ok("move_file", { source: "slash/x.sh", destination: "slash/in/" });
    expect(value).toEqual({ source: "slash/x.sh", destination: "slash/in/x.sh" });
    expect(text).toBe("Moved slash/x.sh to slash/in/x.sh");
    await server.ok("move_file", { source: "slash/file", destination: `${at("slash")}/to-in/.` });
    expect(readdirSync(at("slash/in")).sort()).toEqual(["file", "x.sh"]);
    expect(await move("slash/in/", "slash/in/")).toMatch(/^invalid_input: .* into itself/);
    await server.ok("move_file", { source: "slash/in/", destination: "slash/renamed" });
    expect(read("slash/renamed/x.sh")).toBe("x");
  });

  test("when many want one name, one gets it and none is lost", async () => {
    mkdirSync(at("race"));
    const names = Array.from({ length: 12 }, (_, index) => `race/${index}`);
    for (const name of names) write(name, name);
    const answers = await Promise.all(
      names.map((source) => call(server.client(), "move_file", { source, destination: "race/won" })),
    );
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1);
    const contents = readdirSync(at("race")).map((name) => read(`race/${name}`));
    expect(contents.sort()).toEqual([...names].sort());
  });

  test("tells which of its two paths is wrong", async () => {
    write("here.txt", "x");
    expect(await server.error("move_file", { source: "none", destination: "x" })).toMatch(/^not_found: "none"/);
    expect(await server.error("move_file", { source: "none", destination: "here.txt" })).toMatch(/^not_found: "none"/);
    expect(await server.error("move_file", { source: "here.txt", destination: "" })).toMatch(/destination/);
    expect(await server.error("move_file", { source: "here.txt", destination: "none/x" })).toMatch(
      /^not_found: "none\/x"/,
    );
    expect(await server.error("move_file", { source: "here.txt", destination: "../x" })).toMatch(
      /^access_denied: "\.\.\/x"/,
    );
    expect(read("here.txt")).toBe("x");
  });

  test("refuses the allowed directory itself, and a directory into itself", async () => {
    write("self/x", "x");
    for (const source of [".", server.folder.path]) {
      expect(await server.error("move_file", { source, destination: "y" })).toMatch(/^access_denied: .* itself/);
    }
    expect(await server.error("move_file", { source: "self", destination: "self/below" })).toMatch(
      /^invalid_input: "self" cannot be moved into itself/,
    );
    symlinkSync("self", at("alias"));
    expect(await server.error("move_file", { source: "self", destination: "alias/below" })).toMatch(/^invalid_input/);
    expect(read("self/x")).toBe("x");
  });

  test("names that differ only in letter case are different names", async () => {
    write("readme.md", "r");
    await server.ok("move_file", { source: "readme.md", destination: "README.md" });
    expect(readdirSync(server.folder.path)).toContain("README.md");
  });
});

describe("move_file between allowed directories", () => {
  const cleanup = useCleanup();
  // A different file system from the temporary folder's, on most machines.
  const shared = existsSync("/dev/shm") ? "/dev/shm" : undefined;

  async function two(second: ReturnType<typeof makeFolder>, ...args: string[]) {
    const first = makeFolder({ "tree/a.txt": "a", "tree/sub/b.txt": "b", "same.txt": "first" });
    const { client, close } = await connect(filesystemServer, { args: [first.path, ...args] });
    cleanup(first.remove);
    cleanup(second.remove);
    cleanup(close);
    const move = (source: string, destination: string) => call(client, "move_file", { source, destination });
    return { first, second, move };
  }

  test.each([
    ["of one file system", undefined],
    ["of two file systems", shared],
  ])("%s", async (_, parent) => {
    const second = makeFolder({ "same.txt": "second" }, parent);
    const { first, move } = await two(second, second.path);
    symlinkSync("a.txt", first.at("tree/link"));
    expect((await move("tree", second.at("tree"))).isError).toBe(false);
    expect([second.read("tree/a.txt"), second.read("tree/sub/b.txt"), readlinkSync(second.at("tree/link"))]).toEqual([
      "a",
      "b",
      "a.txt",
    ]);
    expect(existsSync(first.at("tree"))).toBe(false);
    const taken = await move("same.txt", second.at("same.txt"));
    expect(taken.text).toContain(`already_exists: "${second.at("same.txt")}"`);
    expect([first.read("same.txt"), second.read("same.txt")]).toEqual(["first", "second"]);
    expect(readdirSync(second.path).sort()).toEqual(["same.txt", "tree"]);
  });

  test("not out of one that is for reading, nor into it", async () => {
    const second = makeFolder({ "b.txt": "b" });
    const { first, move } = await two(second, "--ro", second.path);
    expect((await move(second.at("b.txt"), first.at("b.txt"))).text).toMatch(/^access_denied: .*read-only/);
    expect((await move(first.at("same.txt"), second.at("c.txt"))).text).toMatch(/^access_denied: .*read-only/);
    expect(readFileSync(second.at("b.txt"), "utf8")).toBe("b");
    expect(lstatSync(first.at("same.txt")).isFile()).toBe(true);
  });

  test("one inside another is not moved with it", async () => {
    const outer = makeFolder({ "a/inner/x.txt": "x" });
    const { client, close } = await connect(filesystemServer, { args: [outer.path, outer.at("a/inner")] });
    cleanup(outer.remove);
    cleanup(close);
    for (const source of ["a", "a/inner", outer.at("a/inner")]) {
      const { text } = await call(client, "move_file", { source, destination: "b" });
      expect(text).toMatch(/^access_denied: .*allowed directory/);
    }
    expect(outer.read("a/inner/x.txt")).toBe("x");
  });
});
