import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { call, connect, makeFolder, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";
import { useServer } from "./use-server.ts";

const isWindows = process.platform === "win32";
const cleanup = useCleanup();

async function open(...args: readonly string[]) {
  const { client, close } = await connect(filesystemServer, { args });
  cleanup(close);
  const info = (path: string) => call(client, "get_file_info", { path });
  const make = (path: string) => call(client, "create_directory", { path });
  return { client, info, make };
}

function folder(files: Readonly<Record<string, string>> = {}) {
  const made = makeFolder(files);
  cleanup(made.remove);
  return made;
}

describe("a path", () => {
  const server = useServer({ files: { "file.txt": "x", "sub/file.txt": "y", "100%.txt": "p", "~": "tilde" } });
  const info = (path: string) => server.ok("get_file_info", { path });
  const error = (path: string) => server.error("get_file_info", { path });
  const root = () => server.folder.path;

  test.each(["file.txt", "./file.txt", "sub/../file.txt", "sub//file.txt", "100%.txt", "", ".", "./~"])(
    "%j is taken",
    async (path) => {
      expect((await info(path)).value).toMatchObject({ path });
    },
  );

  test("absolute paths are taken as they are, with dots in them too", async () => {
    for (const name of ["/file.txt", "//file.txt", "/sub/./../file.txt", "/", ""]) await info(root() + name);
    const alias = `${root()}-alias`;
    symlinkSync(root(), alias);
    cleanup(() => rmSync(alias));
    // Not the name by which it is allowed, and targets of links outside are not looked at.
    expect(await error(`${alias}/file.txt`)).toMatch(/^access_denied/);
  });

  test("nothing is trimmed, unquoted or decoded", async () => {
    const escapes = [" file.txt", "file.txt ", "'file.txt'", '"file.txt"', "file%2etxt", "%66ile.txt", "file.txt\n"];
    for (const path of escapes) expect(await error(path)).toMatch(/^not_found: /);
    for (const name of [`${root()} `, `${root()}'`]) {
      mkdirSync(name);
      cleanup(() => rmSync(name, { recursive: true }));
      for (const given of [name, `${name}/x`, `"${root()}"`]) expect(await error(given)).toMatch(/^(access|not_found)/);
    }
    expect(await error(`${root()} `)).toMatch(/^access_denied/);
  });

  test("a sibling with the same beginning is outside", async () => {
    const sibling = `${root()}_evil`;
    mkdirSync(sibling);
    cleanup(() => rmSync(sibling, { recursive: true }));
    symlinkSync(sibling, server.folder.at("to-sibling"));
    expect(await error(sibling)).toMatch(/^access_denied/);
    expect(await error(`${root()}/../${path.basename(sibling)}`)).toMatch(/^access_denied/);
    expect(await error("to-sibling/x")).toMatch(/^access_denied: "to-sibling\/x"/);
  });

  test.each(["..", "../x", "/etc/passwd", "/", "~", "~/x", "sub/../../x", "%2e%2e/../..", "/proc/self/cwd"])(
    "%j is outside",
    async (path) => {
      expect(await error(path)).toMatch(/^access_denied: /);
    },
  );

  test.each(["a.txt\0.png", "\0", "x".repeat(300), "x/".repeat(100_000), "\ud800"])("%j is no path", async (path) => {
    expect((await error(path)).slice(0, 40)).toMatch(/^(invalid_input|not_found): /);
  });

  test
    .skipIf(isWindows)
    .each([
      "C:\\Windows",
      "C:/Windows",
      "\\\\server\\share",
      "\\\\?\\C:\\x",
      "..\\..\\etc",
      "file.txt:stream",
      "file.txt::$DATA",
      "CON",
      "NUL.txt",
      "PROGRA~1",
      "%2e%2e/file.txt",
    ])("%j is a name like others, where nothing is", async (path) => {
    expect(await error(path)).toMatch(/^not_found: /);
  });

  test("~ is the home directory, and no other user's", async () => {
    const home = makeFolder({ "in-home.txt": "x" }, homedir());
    cleanup(home.remove);
    const { info } = await open(home.path);
    expect((await info(`~/${path.basename(home.path)}/in-home.txt`)).isError).toBe(false);
    expect((await info("~root")).text).toMatch(/^not_found: "~root"/);
  });

  test("twins in Unicode are two names, and the other one is suggested", async () => {
    const [composed, split] = ["Caf\u00e9.txt", "Cafe\u0301.txt"];
    server.folder.write(`sub/${split}`, "split");
    expect(await error(`sub/${composed}`)).toBe(
      `not_found: "sub/${composed}" does not exist. Did you mean "sub/Cafe\\u{301}.txt"? \\u{301} stands for one character.`,
    );
    server.folder.write(`sub/${composed}`, "composed");
    await server.ok("delete_file", { path: `sub/${composed}` });
    expect(server.folder.read(`sub/${split}`)).toBe("split");
  });

  test.each([
    ["Screenshot 9.41\u202fAM.png", "Screenshot 9.41 AM.png"],
    ["Read\u00a0Me.md", "read me.md"],
    ["Trailing ", "trailing"],
    ["It\u2019s.txt", "It's.txt"],
    ["Folder One/Inner.txt", "folder one/Inner.txt"],
  ])("%j is suggested for %j", async (name, given) => {
    server.folder.write(`look/${name}`, "x");
    for (const prefix of ["look/", `${root()}/look/`, "./look//"]) {
      const shown = name.replace(/[\u00a0\u202f]/, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);
      expect(await error(prefix + given)).toContain(`Did you mean "${prefix}${shown}"?`);
    }
  });
});

describe("allowed directories", () => {
  test("one inside another has its own rights, by any path", async () => {
    const outer = folder({ "ro/x": "x", "rw/x": "x" });
    const inside = await open(outer.path, "--ro", outer.at("ro"));
    for (const name of ["ro/new", outer.at("ro/new"), "./a/../ro/new", outer.at("./a/../ro/new")]) {
      expect((await inside.make(name)).text).toMatch(/^access_denied: .*read-only/);
    }
    symlinkSync("ro", outer.at("link"));
    expect((await inside.make("link/new")).text).toMatch(/^access_denied/);
    expect((await inside.make("new")).isError).toBe(false);
    const around = await open("--ro", outer.path, outer.at("rw"));
    for (const name of ["rw/a", outer.at("rw/b"), outer.at("x/../rw/c"), outer.at("rw/../rw/d")]) {
      expect((await around.make(name)).text).toMatch(/^Created/);
    }
    expect((await around.make(outer.at("rw2"))).text).toMatch(/^access_denied/);
    expect(existsSync(outer.at("ro/new"))).toBe(false);
  });

  test("the one inside is neither moved nor deleted from around it", async () => {
    const outer = folder({ "a/ro/x": "x" });
    const { client } = await open(outer.path, "--ro", outer.at("a/ro"));
    symlinkSync("a", outer.at("alias"));
    for (const target of ["a", "a/ro", "a/ro/x", "alias/ro"]) {
      const deleted = await call(client, "delete_file", { path: target, recursive: true });
      expect(deleted.text).toMatch(/^access_denied/);
      const moved = await call(client, "move_file", { source: target, destination: "elsewhere" });
      expect(moved.text).toMatch(/^access_denied/);
    }
    expect(outer.read("a/ro/x")).toBe("x");
  });

  test.each([[], ["--trash"]])("nor a directory that contains it, through a link (%j)", async (...more) => {
    const outer = folder({ "a/sub/ro/x": "x" });
    const trash = more.length > 0 ? [...more, folder().path] : [];
    const { client } = await open(outer.path, "--ro", outer.at("a/sub/ro"), ...trash);
    symlinkSync("a", outer.at("alias"));
    const deleted = await call(client, "delete_file", { path: "alias/sub", recursive: true });
    expect(deleted.text).toMatch(/^access_denied/);
    const moved = await call(client, "move_file", { source: "alias/sub", destination: "elsewhere" });
    expect(moved.text).toMatch(/^access_denied/);
    expect(outer.read("a/sub/ro/x")).toBe("x");
  });

  test("relative paths are in the first", async () => {
    const [first, second] = [folder({ "a.txt": "first" }), folder({ "b.txt": "second" })];
    const { info } = await open(first.path, second.path);
    expect((await info("a.txt")).isError).toBe(false);
    expect((await info("b.txt")).text).toMatch(/^not_found/);
    expect((await info(second.at("b.txt"))).isError).toBe(false);
  });

  test("one that is named twice, or by a link, is one, and for reading when either says so", async () => {
    const real = folder({ "x.txt": "x" });
    const alias = `${real.path}-link`;
    symlinkSync(real.path, alias);
    cleanup(() => rmSync(alias));
    const { client, info, make } = await open(real.path, alias, "--ro", real.path);
    const { value } = await call(client, "list_allowed_directories", {});
    expect(value).toMatchObject({ directories: [{ path: real.path, writable: false }] });
    expect((await make("new")).isError).toBe(true);
    expect((await info(`${real.path}/x.txt`)).isError).toBe(false);
    const byLink = await open(alias);
    expect((await byLink.info(`${alias}/x.txt`)).isError).toBe(false);
    expect((await byLink.info(real.at("x.txt"))).isError).toBe(false);
  });

  test("a missing folder is left out, and having none at all is an error", async () => {
    const real = folder({ "x.txt": "x" });
    const { info } = await open(real.at("none"), real.path, real.at("x.txt"));
    expect((await info("x.txt")).isError).toBe(false);
    await expect(open(real.at("none"))).rejects.toThrow(/none of the directories can be used/);
  });

  test("one that is removed, moved or replaced while it is served", async () => {
    const parent = folder({ "root/x.txt": "x" });
    const { info, make } = await open(parent.at("root"));
    renameSync(parent.at("root"), parent.at("moved"));
    mkdirSync(parent.at("root"));
    parent.write("root/x.txt", "another");
    // Whatever is at the path now is served.
    expect((await info("x.txt")).value).toMatchObject({ size: "another".length });
    expect((await make("new")).isError).toBe(false);
    rmSync(parent.at("root"), { recursive: true });
    for (const answer of [await info("x.txt"), await make("new")]) {
      expect(answer.text).toMatch(/^unavailable: ".*" cannot be reached/);
      expect(answer.text).not.toContain(parent.path);
    }
  });

  test("links that lead inside are followed, unless they are not to be", async () => {
    const real = folder({ "dir/x.txt": "x" });
    symlinkSync("dir", real.at("link"));
    symlinkSync(real.at("dir/x.txt"), real.at("absolute"));
    const inside = await open(real.path);
    expect((await inside.info("link/x.txt")).isError).toBe(false);
    expect((await inside.info("absolute")).value).toMatchObject({ target: "file" });
    const never = await open(real.path, "--follow-symlinks", "never");
    expect((await never.info("link/x.txt")).text).toMatch(/^access_denied: "link\/x\.txt"/);
    expect((await never.info("link")).value).toMatchObject({ type: "symlink" });
  });
});

test("with --read-only nothing that writes is offered", async () => {
  const { client } = await open(folder().path, "--read-only");
  const { tools } = await client.listTools();
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
  expect(tools.map(({ name }) => name)).toContain("get_file_info");
});
