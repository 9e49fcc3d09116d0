import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { call, ended, makeFolder, spawn, start, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";

const BIN = "dist/cli.js";

describe.skipIf(!existsSync(BIN))("the built command", () => {
  const cleanup = useCleanup();
  const folder = (files: Readonly<Record<string, string>> = {}) => {
    const made = makeFolder(files);
    cleanup(made.remove);
    return made;
  };
  const outcome = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const child = start(BIN, args, env);
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        said[name] += chunk.toString();
      });
    }
    child.stdin.end();
    return { ...(await ended(child)), ...said };
  };
  /** The directories that a server with these options allows. */
  const allowed = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    await using server = await spawn(BIN, { args, env });
    const { value } = await call(server.client, "list_allowed_directories", {});
    const directories = Array.isArray(value.directories) ? value.directories : [];
    return { paths: directories.map(({ path }) => path), directories, stderr: server.stderr() };
  };

  test("--help names every option", async () => {
    const { stdout, code } = await outcome(["--help"]);
    expect(code).toBe(0);
    for (const { flag, env } of (await filesystemServer.describe()).options) {
      expect(stdout).toContain(flag);
      expect(stdout).toContain(env);
    }
    for (const flag of ["--ro", "--deny", "--trash", "--max-read", "--follow-symlinks", "--read-only"]) {
      expect(stdout).toContain(`  ${flag}`);
    }
  });

  test.each([
    ["--http without a directory", ["--http", "127.0.0.1:0"], /--http needs directories/],
    ["directories that are all missing", ["/no/such/place", "--ro", "/nor/this"], /none of the directories/],
    ["a glob that is none", [".", "--deny", "+(a|b)"], /--deny/],
    ["an unknown option", [".", "--no-such"], /unknown option "--no-such"/],
    ["a way to follow links that there is not", [".", "--follow-symlinks", "always"], /inside, never/],
    ["a size that is none", [".", "--max-read", "0"], /whole number from 1/],
    ["a trash that is a file", [".", "--trash", "package.json"], /--trash/],
    ["a trash that is served", [".", "--trash", "."], /--trash/],
    ["a trash around what is served", ["src", "--trash", "."], /--trash/],
  ] as const)("refuses %s in one sentence", async (_, args, message) => {
    const { code, stdout, stderr } = await outcome(args);
    expect(stderr).toMatch(message);
    // Preceded by a line of the log for each directory that is not used.
    const isReason = (line: string) => /^server-filesystem: .*\.$/.test(line);
    const [reason = "", ...before] = stderr.trimEnd().split("\n").reverse();
    expect([isReason(reason), before.some(isReason)]).toEqual([true, false]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("one missing directory is a warning, and the rest is served", async () => {
    const real = folder();
    const { paths, stderr } = await allowed(["/no/such/place", real.path]);
    expect(paths).toEqual([real.path]);
    expect(stderr).toMatch(/warning.*not used/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("takes directories from the environment, separated as in PATH, and flags before it", async () => {
    const [first, second, third] = [folder(), folder(), folder()];
    const env = { FILESYSTEM_DIRECTORIES: [first.path, second.path].join(path.delimiter) };
    expect((await allowed([], env)).paths).toEqual([first.path, second.path]);
    expect((await allowed([third.path], env)).paths).toEqual([third.path]);
    const { directories } = await allowed([], { ...env, FILESYSTEM_RO: third.path });
    expect(directories.map(({ writable }) => writable)).toEqual([true, true, false]);
    expect((await allowed([], { ...env, MCP_SERVER_READ_ONLY: "true" })).directories).toMatchObject([
      { writable: false },
      { writable: false },
    ]);
  });

  test("takes a directory's name exactly", async () => {
    const parent = folder();
    const odd = ["blank ", " before", "a,b", "'quoted'", '"double"', "per%20cent", "-dash", "line\nbreak"];
    for (const name of odd) mkdirSync(parent.at(name));
    expect((await allowed(["--", ...odd.map(parent.at)])).paths).toEqual(odd.map(parent.at));
    mkdirSync(parent.at("blank"));
    writeFileSync(parent.at("blank/secret.txt"), "x");
    await using server = await spawn(BIN, { args: [parent.at("blank ")] });
    const { text } = await call(server.client, "get_file_info", { path: parent.at("blank/secret.txt") });
    expect(text).toMatch(/^access_denied/);
  });

  test("globs may hold commas, and are repeated", async () => {
    const real = folder({ "a,b": "x", a: "x", c: "x" });
    await using server = await spawn(BIN, { args: [real.path, "--deny", "a,b", "--deny", "c"] });
    const info = async (path: string) => (await call(server.client, "get_file_info", { path })).isError;
    expect([await info("a,b"), await info("a"), await info("c")]).toEqual([true, false, true]);
  });

  test("makes the trash when it is missing", async () => {
    const [real, other] = [folder({ "x.txt": "x" }), folder()];
    await using server = await spawn(BIN, { args: [real.path, "--trash", other.at("new/trash")] });
    expect((await call(server.client, "delete_file", { path: "x.txt" })).isError).toBe(false);
    expect(other.read("new/trash/x.txt")).toBe("x");
    expect(statSync(other.at("new/trash")).mode & 0o777).toBe(0o700);
  });

  test("with --read-only no trash is made, and nothing that writes is offered", async () => {
    const [real, other] = [folder(), folder()];
    await using server = await spawn(BIN, { args: [real.path, "--read-only", "--trash", other.at("trash")] });
    const names = (await server.client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("get_file_info");
    expect(names).not.toContain("delete_file");
    expect(existsSync(other.at("trash"))).toBe(false);
  });

  test("a change that has begun is finished when the process ends", async () => {
    const real = folder({ "a.txt": "a" });
    const child = start(BIN, [real.path]);
    const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const clientInfo = { name: "t", version: "1" };
    say({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo } });
    const args = { source: "a.txt", destination: "b.txt" };
    say({ id: 2, method: "tools/call", params: { name: "move_file", arguments: args } });
    child.stdin.end();
    child.stdout.resume();
    expect((await ended(child)).code).toBe(0);
    expect(real.read("b.txt")).toBe("a");
  });
});
