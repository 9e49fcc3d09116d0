import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { call, connect, makeFolder, useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";

const cleanup = useCleanup();

/** A server on `here`, and on others of the folder around it. */
async function serve(...args: readonly string[]) {
  const around = makeFolder({ "here/a.txt": "a", "outside/secret.txt": "secret" });
  cleanup(around.remove);
  const { client, close } = await connect(filesystemServer, {
    args: [around.at("here"), ...args.map((name) => (/^-|\.txt$/.test(name) ? name : around.at(name)))],
  });
  cleanup(close);
  const ask = async (tool: string, given: Readonly<Record<string, unknown>>) => (await call(client, tool, given)).text;
  return {
    around,
    ask,
    read: (name: string) => ask("read_text_file", { path: around.at(name) }),
    write: (name: string) => ask("write_file", { path: around.at(name), content: "x" }),
  };
}

test("a directory that was missing at the start is served once it is there, in a call at once", async () => {
  const { around, ask, read, write } = await serve("late", "--ro", "late/fixed");
  expect(await ask("list_allowed_directories", {})).toContain(`${around.at("late")} (missing, served once it exists)`);
  expect(await read("late/b.txt")).toMatch(/^unavailable: .* its allowed directory is missing/);
  mkdirSync(around.at("late/fixed"), { recursive: true });
  around.write("late/b.txt", "b");
  around.write("late/fixed/c.txt", "c");
  expect(await read("late/b.txt")).toMatch(/^b\n/);
  expect(await write("late/new.txt")).toMatch(/^Created/);
  // With the rules that it had from the start.
  expect(await write("late/fixed/c.txt")).toMatch(/^access_denied: /);
  expect(await read("late/fixed/c.txt")).toMatch(/^c\n/);
  expect(await ask("list_allowed_directories", {})).not.toContain("missing");
  // Relative paths still start at the directory that was first.
  expect(await ask("read_text_file", { path: "a.txt" })).toMatch(/^a\n/);
});

test("rules for a missing directory hold around it while it is missing", async () => {
  const { around, ask } = await serve("--ro", "here/fixed");
  expect(await ask("create_directory", { path: "fixed" })).toMatch(/^access_denied: /);
  mkdirSync(around.at("here/fixed"));
  expect(await ask("write_file", { path: "fixed/x", content: "" })).toMatch(/^access_denied: /);
});

test("a link that takes the place of a missing directory is not followed out", async () => {
  const { around, read } = await serve("late");
  symlinkSync(around.at("outside"), around.at("late"));
  expect(await read("late/secret.txt")).toMatch(/^unavailable: /);
  rmSync(around.at("late"));
  mkdirSync(around.at("late"));
  around.write("late/fine.txt", "fine");
  expect(await read("late/fine.txt")).toMatch(/^fine\n/);
});

test("a link named at the start is followed to its original target, once that exists", async () => {
  const around = makeFolder();
  cleanup(around.remove);
  symlinkSync("media/disk", around.at("link"));
  mkdirSync(around.at("here"));
  const { client, close } = await connect(filesystemServer, { args: [around.at("here"), around.at("link")] });
  cleanup(close);
  around.write("media/disk/a.txt", "on the disk");
  for (const path of ["link/a.txt", "media/disk/a.txt"]) {
    expect((await call(client, "read_text_file", { path: around.at(path) })).text).toMatch(/^on the disk\n/);
  }
});

test("a directory that is removed and recreated works at once, and offers no way out", async () => {
  const { around, ask } = await serve("--deny", "secret.txt");
  const read = (path: string) => ask("read_text_file", { path });
  rmSync(around.at("here"), { recursive: true });
  expect(await read("a.txt")).toMatch(/^unavailable: "a.txt" cannot be reached/);
  symlinkSync(around.at("outside"), around.at("here"));
  expect(await read("secret.txt")).toMatch(/^(unavailable|access_denied): /);
  rmSync(around.at("here"));
  mkdirSync(around.at("here"));
  around.write("here/a.txt", "again");
  around.write("here/secret.txt", "secret");
  expect(await read("a.txt")).toMatch(/^again\n/);
  expect(await read("secret.txt")).toMatch(/^access_denied: /);
  expect(await ask("search_content", { path: "", query: "again" })).toMatch(/^a.txt:1:again\n/);
  expect(await ask("list_directory", { path: "" })).not.toContain("secret");
  // Another directory moved to its place works too.
  renameSync(around.at("here"), around.at("former"));
  mkdirSync(around.at("here"));
  expect(await ask("write_file", { path: "b.txt", content: "b" })).toMatch(/^Created b.txt/);
  expect(around.read("here/b.txt")).toBe("b");
});
