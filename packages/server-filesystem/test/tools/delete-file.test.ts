import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { call, connect, makeFolder, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../../src/server.ts";
import { useServer } from "../use-server.ts";

const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

describe("delete_file", () => {
  const server = useServer({ files: { "kept/a.txt": "a" } });
  const { at, write, read } = server.folder;

  test("a file, an empty directory, and a link but not its target", async () => {
    write("file.txt", "x");
    mkdirSync(at("empty"));
    symlinkSync("kept", at("link"));
    symlinkSync("nowhere", at("dangling"));
    symlinkSync("/etc", at("outside"));
    for (const [path, type] of [
      ["file.txt", "file"],
      ["empty", "directory"],
      ["link", "symlink"],
      ["dangling", "symlink"],
      ["outside", "symlink"],
    ] as const) {
      const { value, text } = await server.ok("delete_file", { path });
      expect(value).toEqual({ path, type });
      expect(text).toContain("gone for good");
      expect(isThere(at(path))).toBe(false);
    }
    expect(read("kept/a.txt")).toBe("a");
    expect(existsSync("/etc/hostname")).toBe(true);
  });

  test("a name with control characters stays on one line of the text, and whole in the value", async () => {
    const path = "a\nb\u001b[31m.txt";
    const shown = "a\\u{a}b\\u{1b}[31m.txt";
    const { text, value } = await server.ok("write_file", { path, content: "x" });
    expect(value).toMatchObject({ path });
    expect(text).toContain(`Created ${shown}: `);
    expect((await server.ok("copy_file", { source: path, destination: `2${path}` })).text).toBe(
      `Copied ${shown} to 2${shown}`,
    );
    expect((await server.ok("move_file", { source: `2${path}`, destination: `3${path}` })).text).toBe(
      `Moved 2${shown} to 3${shown}`,
    );
    expect((await server.ok("delete_file", { path })).text).toBe(`Deleted the file ${shown}: gone for good`);
  });

  test("a directory that is not empty only with recursive", async () => {
    write("tree/a/b.txt", "b");
    symlinkSync(at("kept"), at("tree/link"));
    expect(await server.error("delete_file", { path: "tree" })).toMatch(
      /^conflict: "tree" is not empty: it contains \d entr.*Pass recursive: true to delete all of it\.$/,
    );
    expect(read("tree/a/b.txt")).toBe("b");
    await server.ok("delete_file", { path: "tree", recursive: true });
    expect([isThere(at("tree")), read("kept/a.txt")]).toEqual([false, "a"]);
  });

  test.skipIf(process.platform === "win32")("a FIFO", async () => {
    execFileSync("mkfifo", [at("fifo")]);
    expect((await server.ok("delete_file", { path: "fifo" })).value).toMatchObject({ type: "other" });
    expect(isThere(at("fifo"))).toBe(false);
  });

  test("not the allowed directory itself, nor anything outside or missing", async () => {
    for (const path of [".", "", server.folder.path, "kept/.."]) {
      expect(await server.error("delete_file", { path, recursive: true })).toMatch(/^access_denied: .* itself/);
    }
    expect(await server.error("delete_file", { path: "/etc/hostname" })).toMatch(/^access_denied/);
    expect(await server.error("delete_file", { path: "none" })).toMatch(/^not_found/);
    expect(await server.error("delete_file", { path: "kept/a.txt/x" })).toMatch(/^(not_found|invalid_input)/);
    expect(read("kept/a.txt")).toBe("a");
  });
});

describe("delete_file with --trash", () => {
  const cleanup = useCleanup();

  async function open(files: Readonly<Record<string, string>>, trash = makeFolder(), ...args: string[]) {
    const folder = makeFolder(files);
    const { client, close } = await connect(filesystemServer, {
      args: [folder.path, "--trash", trash.path, ...args],
    });
    cleanup(() => [folder.remove(), trash.remove()]);
    cleanup(close);
    return { folder, trash, remove: (path: string, more = {}) => call(client, "delete_file", { path, ...more }) };
  }

  test("keeps deleted files, with a record of where they were", async () => {
    const { folder, trash, remove } = await open({ "a b/report.txt": "text" });
    const { value, text } = await remove("a b/report.txt");
    expect(value).toEqual({ path: "a b/report.txt", type: "file", trashed_to: "report.txt" });
    expect(text).toBe("Deleted the file a b/report.txt: in the trash as report.txt");
    expect(trash.read("report.txt")).toBe("text");
    expect(existsSync(folder.at("a b/report.txt"))).toBe(false);
    const from = folder.path.split("/").map(encodeURIComponent).join("/");
    expect(trash.read(".info/report.txt.trashinfo")).toMatch(
      new RegExp(
        `^\\[Trash Info\\]\nPath=${from}/a%20b/report\\.txt\nDeletionDate=\\d{4}(-\\d\\d){2}T\\d\\d(:\\d\\d){2}\n$`,
      ),
    );
  });

  test.skipIf(process.platform === "win32")("a FIFO holds nothing to keep", async () => {
    const { folder, trash, remove } = await open({});
    execFileSync("mkfifo", [folder.at("fifo")]);
    expect((await remove("fifo")).value).toEqual({ path: "fifo", type: "other" });
    expect(trash.list()).toEqual([]);
  });

  test("taken names get a number, and nothing is overwritten", async () => {
    const { folder, trash, remove } = await open({}, makeFolder({ "x.txt": "older", "d/y": "older" }));
    const names: unknown[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      folder.write("x.txt", `${turn}`);
      names.push((await remove("x.txt")).value.trashed_to);
    }
    folder.write("d/y", "new");
    names.push((await remove("d", { recursive: true })).value.trashed_to);
    folder.write(".info", "a file of this name");
    names.push((await remove(".info")).value.trashed_to);
    expect(names).toEqual(["x.2.txt", "x.3.txt", "x.4.txt", "d.2", ".info.2"]);
    expect(["x.txt", "x.2.txt", "x.4.txt", "d/y", "d.2/y"].map(trash.read)).toEqual([
      "older",
      "0",
      "2",
      "older",
      "new",
    ]);
    expect(readdirSync(trash.at(".info")).sort()).toEqual([
      ".info.2.trashinfo",
      "d.2.trashinfo",
      "x.2.txt.trashinfo",
      "x.3.txt.trashinfo",
      "x.4.txt.trashinfo",
    ]);
  });

  test("many of one name at once, more than have numbers, and long names", async () => {
    const long = `${"ü".repeat(120)}.markdown`;
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index}/same.txt`, `${index}`]));
    const { trash, remove } = await open({ ...files, [long]: "long", [`sub/${long}`]: "too" });
    const answers = await Promise.all(Object.keys(files).map((path) => remove(path)));
    expect(answers.filter(({ isError }) => isError)).toEqual([]);
    const contents = answers.map(({ value }) => trash.read(String(value.trashed_to)));
    expect(contents).toEqual(Object.values(files));
    for (const path of [long, `sub/${long}`]) {
      expect(String((await remove(path)).value.trashed_to)).toMatch(/^ü+(\.2)?\.markdown$/);
    }
  });

  test("a directory that is not empty only with recursive; links and special files", async () => {
    const { folder, trash, remove } = await open({ "tree/a.txt": "a" });
    symlinkSync("tree", folder.at("link"));
    expect((await remove("tree")).text).toMatch(/^conflict: "tree"/);
    expect(folder.read("tree/a.txt")).toBe("a");
    expect((await remove("link")).value).toMatchObject({ type: "symlink", trashed_to: "link" });
    expect(lstatSync(trash.at("link")).isSymbolicLink()).toBe(true);
    expect((await remove("tree", { recursive: true })).isError).toBe(false);
    expect(trash.read("tree/a.txt")).toBe("a");
  });

  test.skipIf(!existsSync("/dev/shm"))("on another file system", async () => {
    const { folder, trash, remove } = await open({ "tree/sub/a.txt": "a" }, makeFolder({}, "/dev/shm"));
    expect((await remove("tree", { recursive: true })).value).toMatchObject({ trashed_to: "tree" });
    expect([trash.read("tree/sub/a.txt"), readdirSync(folder.path)]).toEqual(["a", []]);
  });

  test("a desktop's trash is used as one", async () => {
    const desktop = makeFolder();
    mkdirSync(desktop.at("files"));
    mkdirSync(desktop.at("info"));
    const { trash, remove } = await open({ "x.txt": "x" }, desktop);
    expect((await remove("x.txt")).value).toMatchObject({ trashed_to: "files/x.txt" });
    expect([trash.read("files/x.txt"), readdirSync(trash.at("info"))]).toEqual(["x", ["x.txt.trashinfo"]]);
  });

  test("denied files do not go to the trash either, nor does their directory", async () => {
    const { folder, trash, remove } = await open({ "d/.env": "SECRET", "d/x": "x" }, makeFolder(), "--deny", ".env");
    for (const path of ["d/.env", "d"]) {
      expect((await remove(path, { recursive: true })).text).toMatch(/^access_denied/);
    }
    expect((await remove("d")).text).toMatch(/^conflict|^access_denied/);
    expect([folder.read("d/.env"), readdirSync(trash.path).filter((name) => name !== ".info")]).toEqual(["SECRET", []]);
  });

  test("one inside an allowed directory can be read, and not changed", async () => {
    const folder = makeFolder({ "old/x.txt": "x" });
    const { client, close } = await connect(filesystemServer, {
      args: [folder.path, "--trash", folder.at("old/bin")],
    });
    cleanup(folder.remove);
    cleanup(close);
    const at = (path: string) => call(client, "delete_file", { path, recursive: true });
    expect((await at("old/x.txt")).value).toMatchObject({ trashed_to: "x.txt" });
    for (const path of ["old/bin/x.txt", "old/bin/.info", "old/bin", "old"]) {
      expect((await at(path)).text).toMatch(/^access_denied: /);
    }
    expect(folder.read("old/bin/x.txt")).toBe("x");
    const moved = await call(client, "move_file", { source: "old/bin/x.txt", destination: "x.txt" });
    expect(moved.text).toMatch(/^access_denied: /);
    expect((await call(client, "get_file_info", { path: "old/bin/x.txt" })).value).toMatchObject({ writable: false });
  });
});
