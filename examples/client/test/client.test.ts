import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const FOLDER = path.resolve(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const SERVER = path.join(path.dirname(require.resolve("@org/server-time/package.json")), "dist/cli.js");
const TSX = require.resolve("tsx/cli");

const http = spawn(process.execPath, [SERVER, "--http", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
let url = "";
beforeAll(async () => {
  const [line] = await once(http.stderr, "data");
  url = /listening on (\S+)/.exec(String(line))?.[1] ?? "";
});
afterAll(() => http.kill());

test.each([
  ["stdio", () => [process.execPath, SERVER]],
  ["HTTP", () => [url]],
])("over %s, it prints the tools and what one of them answers", async (_, target) => {
  const { stdout } = await promisify(execFile)(process.execPath, [TSX, path.join(FOLDER, "client.ts"), ...target()]);
  expect(stdout).toContain("server-time speaks 2026-07-28");
  expect(stdout).toMatch(/^ {2}convert_time: Returns /m);
  expect(stdout).toMatch(/^get_current_time answers:\n\d{4}-\d\d-\d\dT/m);
});
