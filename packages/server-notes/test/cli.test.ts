import { existsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { call, ended, makeFolder, spawn, start, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";

const BIN = "dist/cli.js";
const { XDG_CACHE_HOME = "" } = process.env;
const env = { XDG_CACHE_HOME };

describe.skipIf(!existsSync(BIN))("the built command", () => {
  const cleanup = useCleanup();
  const folder = () => {
    const made = makeFolder();
    cleanup(made.remove);
    return made;
  };
  const failure = async (...args: readonly string[]) => {
    const child = start(BIN, args, env);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.end();
    return { ...(await ended(child)), stderr };
  };

  test("makes a folder that is missing, and leaves nothing in it", async () => {
    const parent = folder();
    const dir = path.join(parent.path, "new", "notes");
    await using server = await spawn(BIN, { args: [dir], env });
    expect((await call(server.client, "list_notes", {})).value).toMatchObject({ total: 0 });
    expect(statSync(dir).isDirectory()).toBe(true);
  });

  test("takes the folder from NOTES_DIR", async () => {
    const notes = folder();
    notes.write("Here.md", "x");
    await using server = await spawn(BIN, { env: { ...env, NOTES_DIR: notes.path } });
    expect((await call(server.client, "read_note", { note: "Here" })).isError).toBe(false);
  });

  test("with --read-only nothing that writes is offered", async () => {
    await using server = await spawn(BIN, { args: [folder().path, "--read-only"], env });
    const names = (await server.client.listTools()).tools.map(({ name }) => name);
    expect(names.sort()).toEqual(["get_links", "list_notes", "list_tags", "read_note", "search_notes"]);
  });

  test.each([
    ["an index inside of the notes", (dir: string) => [dir, "--index-dir", path.join(dir, "index")], /--index-dir/],
    ["templates outside", (dir: string) => [dir, "--templates", "../x"], /--templates/],
    ["daily notes outside", (dir: string) => [dir, "--daily-folder", "/tmp"], /--daily-folder/],
  ] as const)("refuses %s in one sentence", async (_, args, message) => {
    const { code, stderr } = await failure(...args(folder().path));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test.runIf(process.platform === "linux")("ends where the system lets nobody make a folder", async () => {
    const { code, stderr } = await failure("/proc/notes/new");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^server-notes: the notes folder "\/proc\/notes\/new" cannot be created or opened \(ENOENT\)\. /,
    );
  });

  test("refuses a folder that is a file", async () => {
    const parent = folder();
    const file = path.join(parent.path, "file");
    writeFileSync(file, "x");
    expect(await failure(file)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^server-notes: .*\n$/) });
  });

  test("a write that has begun is done when the process ends", async () => {
    const notes = folder();
    notes.write("Note.md", "");
    const child = start(BIN, [notes.path], env);
    const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    say({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
    });
    const args = { note: "Note.md", operation: "append", content: "kept" };
    say({ id: 2, method: "tools/call", params: { name: "edit_note", arguments: args } });
    child.stdin.end();
    child.stdout.resume();
    expect((await ended(child)).code).toBe(0);
    expect(notes.read("Note.md")).toBe("kept\n");
  });
});
