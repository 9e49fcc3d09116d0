import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../lib/repository.ts";
import { temporaryFolder } from "./repository.ts";

const REAL = path.join(ROOT, "packages/server-time/dist/cli.js");

interface Outcome {
  readonly code: unknown;
  readonly stdout: string;
}

function demo(...args: string[]): Promise<Outcome> {
  const tsx = path.join(ROOT, "scripts/node_modules/tsx/dist/cli.mjs");
  const env = { ...process.env, NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(process.execPath, [tsx, path.join(ROOT, "scripts/demo.ts"), ...args], { env }, (error, stdout) =>
      resolve({ code: error ? error.code : 0, stdout }),
    );
  });
}

/** The demonstration of a server-time that runs this code instead of its own. */
async function demoOf(code: string): Promise<Outcome> {
  const packages = await temporaryFolder();
  const dist = path.join(packages, "server-time/dist");
  await mkdir(dist, { recursive: true });
  await writeFile(path.join(packages, "package.json"), `{"type":"module"}`);
  await writeFile(path.join(dist, "cli.js"), code);
  return demo("--packages", packages);
}

/** The built server, its output passed through `change`; `ended` runs when the host is gone. */
const behind = (change: string, ended = "real.stdin.end()") => `
import { spawn } from "node:child_process";
const real = spawn(process.execPath, [${JSON.stringify(REAL)}, ...process.argv.slice(2)], { stdio: ["pipe", "pipe", "inherit"] });
process.stdin.on("data", (chunk) => real.stdin.write(chunk)).on("end", () => { ${ended} });
process.on("SIGTERM", () => real.kill("SIGTERM"));
real.stdout.on("data", (chunk) => process.stdout.write(chunk.toString()${change}));
real.on("exit", (code) => process.exit(code ?? 1));
`;

test("all answers of the built servers are right, and the processes end", async () => {
  const { code, stdout } = await demo();
  expect(stdout).toMatch(/\n(?:1\d|[2-9]\d|\d{3}) answers right, 0 wrong\n$/);
  expect(stdout).not.toContain("\u001b");
  expect(code).toBe(0);
});

test("a wrong answer is shown, counted, and fails the demonstration", async () => {
  const { code, stdout } = await demoOf(behind(`.replaceAll("2026-02-28T", "2026-03-03T")`));
  expect(stdout).toMatch(/after 31 January 2026.*\n.*2026-03-03T09:00:00\+01:00.*\n.*\n {2}WRONG: February 2026 ends/);
  expect(stdout).toMatch(/\n\d+ answers right, 1 wrong\n$/);
  expect(code).toBe(1);
});

test("one server can be played alone, and an unknown one is reported", async () => {
  const { code, stdout } = await demo("time");
  expect(stdout.match(/^server-\w+(?= over stdio)/gm)).toEqual(["server-time", "server-time"]);
  expect(code).toBe(0);
  expect(await demo("tim")).toMatchObject({ code: 2, stdout: "" });
});

test("a server that outlives its host fails the demonstration", async () => {
  const { code, stdout } = await demoOf(behind("", "setInterval(() => {}, 1000)"));
  expect(stdout).toContain("no: it had to be killed");
  expect(stdout).toMatch(/\n\d+ answers right, 2 wrong\n$/);
  expect(code).toBe(1);
});

test.each([
  ["does not start", "process.exit(3);"],
  ["writes other things than the protocol's to stdout", `console.log("{ hello"); setInterval(() => {}, 1000);`],
])("a server that %s fails it", async (_, source) => {
  const { code, stdout } = await demoOf(source);
  expect(stdout).toContain("WRONG");
  expect(code).toBe(1);
});
