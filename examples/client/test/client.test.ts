import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const FOLDER = path.resolve(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const binOf = (manifest: string) => path.join(path.dirname(manifest), "dist/cli.js");
const TIME = binOf(require.resolve("@org/server-time/package.json"));
const NOTES = binOf(require.resolve("@org/server-notes/package.json"));
const TSX = require.resolve("tsx/cli");
const TOKEN = "a-token-of-this-test";

const folder = mkdtempSync(path.join(tmpdir(), "test-"));
const notes = path.join(folder, "notes");
const env = { ...process.env, MCP_HTTP_TOKEN: TOKEN, HOME: folder };
const http = spawn(process.execPath, [TIME, "--http", "127.0.0.1:0"], { env, stdio: ["ignore", "ignore", "pipe"] });
let url = "";
beforeAll(async () => {
  mkdirSync(notes);
  writeFileSync(path.join(notes, "Roadmap.md"), "# Roadmap\n\nShip it.\n");
  const [line] = await once(http.stderr, "data");
  url = /listening on (\S+)/.exec(String(line))?.[1] ?? "";
});
afterAll(() => {
  http.kill();
  rmSync(folder, { recursive: true });
});

const run = (...target: string[]) =>
  promisify(execFile)(process.execPath, [TSX, path.join(FOLDER, "client.ts"), ...target], { env });

test.each([
  ["stdio", () => [process.execPath, TIME]],
  ["HTTP, with a token", () => [url]],
])("over %s, it prints the tools and what one of them answers", async (_, target) => {
  const { stdout } = await run(...target());
  expect(stdout).toContain("server-time speaks 2026-07-28");
  expect(stdout).toMatch(/^ {2}convert_time: Converts /m);
  expect(stdout).toMatch(/^get_current_time answers:\n\d{4}-\d\d-\d\dT/m);
});

test("it reads a resource and gets a prompt where there are any", async () => {
  const { stdout } = await run(process.execPath, NOTES, notes);
  expect(stdout).toMatch(/^list_notes answers:\n1 of 1 note\nRoadmap\.md/m);
  expect(stdout).toMatch(/^Resources, 1:\n.*^notes:\/\/\/Roadmap\.md holds:\n# Roadmap\n\nShip it\.$/ms);
  expect(stdout).toMatch(/^Prompts:\n.*^review_week says:\nuser: Review my week\./ms);
});

test("without a server, it says how to use it", async () => {
  await expect(run()).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^Usage: /) });
});
