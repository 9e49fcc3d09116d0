import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "./folder.ts";

const BIN = path.join(import.meta.dirname, "../bin/server-build.js");

function serverBuild(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

test("bundle prints a summary, and with --analyze the biggest inputs", async () => {
  const folder = await makeFolder({ "package.json": `{"name":"sample"}`, "src/cli.ts": "console.log(1);" });
  const plain = serverBuild(folder, "bundle");
  expect(plain).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^dist: 1 file, .* at start, .* on first use\n$/),
    stderr: "",
  });
  expect(serverBuild(folder, "bundle", "--analyze").stdout).toMatch(/\n +0\.0 KB {2}start {6}src\/cli\.ts\n$/);
});

test("a failure is one line on stderr without a stack, and exit code 1", async () => {
  const folder = await makeFolder({ "package.json": `{"name":"sample"}`, "src/cli.ts": "let = ;" });
  const { status, stdout, stderr } = serverBuild(folder, "bundle");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^server-build: The code does not build: src\/cli\.ts:1:\d+: .*\n$/);
});

test.each([
  [[], "Name a command: bundle, docs."],
  [["build"], "Unknown command 'build'"],
  [["toString"], "Unknown command 'toString'"],
  [["bundle", "--check"], "--check"],
  [["docs", "extra"], "extra"],
])("%j is a usage error", async (args, words) => {
  const { status, stdout, stderr } = serverBuild(await makeFolder({}), ...args);
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining(words) });
});

test("--help and --version answer on stdout", async () => {
  const folder = await makeFolder({});
  expect(serverBuild(folder, "--help")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("bundle"),
    stderr: "",
  });
  expect(serverBuild(folder, "docs", "--help").stdout).toContain("--check");
  expect(serverBuild(folder, "--version")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});
