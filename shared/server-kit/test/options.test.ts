import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseOptions } from "../src/command-line.ts";
import { COMMON, type OptionTable, optionRows } from "../src/options.ts";

const table = {
  dir: { type: "directory", positional: true, many: true, mayBeMissing: true, description: "Folders." },
  strict: { type: "directory", description: "A folder that must be there." },
  mode: { type: "choice", choices: ["a", "b"], default: "a", description: "Mode." },
  names: { type: "string", many: true, description: "Names." },
  key: { type: "string", env: "SPECIAL_KEY", description: "A key." },
  password: { type: "string", secret: true, description: "A password." },
  ...COMMON,
} as const satisfies OptionTable;

const read = (argv: readonly string[], env: Record<string, string> = {}) =>
  parseOptions("server-x-y", table, argv, env);

test("flags beat the environment, which beats defaults", () => {
  expect(read([])).toMatchObject({ mode: "a", timeout: 30_000, names: [], dir: [], readOnly: false, concurrency: 64 });
  expect(read([], { X_Y_MODE: "b", MCP_SERVER_TIMEOUT: "500ms", MCP_SERVER_READ_ONLY: "1" })).toMatchObject({
    mode: "b",
    timeout: 500,
    readOnly: true,
  });
  expect(read(["--mode", "a", "--timeout=2m"], { X_Y_MODE: "b", MCP_SERVER_TIMEOUT: "1s" })).toMatchObject({
    mode: "a",
    timeout: 120_000,
  });
  expect(read([], { SPECIAL_KEY: "k", X_Y_KEY: "no" })).toMatchObject({ key: "k" });
  expect(read([], { MCP_SERVER_TIMEOUT: "" })).toMatchObject({ timeout: 30_000 });
});

test("flags and positionals mix, lists repeat or have commas, and -- ends flags", () => {
  const values = read(["/a", "--names", "x,y", "/b", "--names=z", "--read-only", "--", "--odd", "/c"]);
  expect(values).toMatchObject({
    dir: ["/a", "/b", "--odd", "/c"].map((path) => resolve(path)),
    names: ["x", "y", "z"],
    readOnly: true,
  });
  expect(read(["~/notes", "~"])).toMatchObject({ dir: [join(homedir(), "notes"), homedir()] });
});

test.each([
  [["--nope"], 'unknown option "--nope". See --help.'],
  [["-x"], 'unknown option "-x". See --help.'],
  [["--toString"], 'unknown option "--toString". See --help.'],
  [["--__proto__=1"], 'unknown option "--__proto__". See --help.'],
  [["--mode", "c"], '--mode: "c" is not one of a, b.'],
  [["--mode"], "--mode needs a value. See --help."],
  [["--timeout", "30"], '--timeout: "30" is not a duration such as 500ms, 30s or 2m.'],
  [["--timeout", "0s"], '--timeout: "0s" is not a duration such as 500ms, 30s or 2m.'],
  [["--timeout", "900h"], '--timeout: "900h" is not a duration such as 500ms, 30s or 2m.'],
  [["--concurrency", "0"], '--concurrency: "0" is not a whole number from 1.'],
  [["--concurrency", "1e3"], '--concurrency: "1e3" is not a whole number from 1.'],
  [["--read-only=maybe"], '--read-only: "maybe" is not true or false.'],
  [["--strict", "/no/such/folder"], '--strict: "/no/such/folder" is not a directory.'],
  [[""], "an argument needs a value. See --help."],
  [["--key", "--mode"], "--key needs a value. See --help."],
  [["--tools", ","], "--tools needs a value. See --help."],
])("%j is refused in a sentence", (argv, sentence) => {
  expect(() => read(argv)).toThrow(sentence);
});

test("a list may have a default, and a value may look like a flag when it is joined", () => {
  const listed = { names: { type: "string", many: true, default: "a,b", description: "N." } } as const;
  expect(parseOptions("server-x", listed, [], {})).toMatchObject({ names: ["a", "b"] });
  expect(read(["--key=--mode"])).toMatchObject({ key: "--mode" });
  expect(() => read([], { MCP_SERVER_TOOLS: "," })).toThrow("MCP_SERVER_TOOLS needs a value");
});

test("a file is not a directory, and a bad variable is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "options-"));
  try {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(read(["--strict", folder])).toMatchObject({ strict: folder });
    expect(() => read(["--strict", file])).toThrow(/is not a directory/);
    expect(() => read([], { MCP_SERVER_LOG_LEVEL: "loud" })).toThrow(/^MCP_SERVER_LOG_LEVEL: "loud" is not one of/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("one positional takes one value, and a required option is asked for", () => {
  const one = {
    dir: { type: "string", positional: true, description: "D." },
    url: { type: "string", required: true, description: "U." },
  } as const;
  expect(parseOptions("server-x", one, ["a", "--url", "u"], {})).toMatchObject({ dir: "a", url: "u" });
  expect(() => parseOptions("server-x", one, ["a", "b", "--url", "u"], {})).toThrow('unexpected argument "b"');
  expect(() => parseOptions("server-x", one, ["a"], {})).toThrow("--url is required. U.");
});

test("whatever the command line holds, it is read or refused in one short line", () => {
  const words = fc.array(
    fc.oneof(fc.string(), fc.constantFrom("--", "--tools", "--http", "--timeout", "-", "=", "--=")),
  );
  fc.assert(
    fc.property(words, (argv) => {
      try {
        read(argv);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect(String(error)).not.toMatch(/[\n\r]/);
        expect(String(error).length).toBeLessThan(400);
      }
    }),
  );
});

test("a secret comes in the environment; as a flag it is refused, and not repeated", () => {
  expect(read([], { X_Y_PASSWORD: "hunter2" })).toMatchObject({ password: "hunter2" });
  const refusal = "--password: a secret belongs in X_Y_PASSWORD, not here.";
  expect(() => read(["--password", "hunter2"])).toThrow(refusal);
  expect(() => read(["--password=hunter2"])).toThrow(refusal);
  const { dir: _, ...noPositional } = table;
  const inPlace = () => parseOptions("server-x-y", noPositional, ["postgres://ada:hunter2@db/shop"], {});
  expect(inPlace).toThrow(/^unexpected argument; if it is a secret, set X_Y_PASSWORD to it instead\. See --help\.$/);
  expect(optionRows("server-x-y", table).find(({ name }) => name === "password")).toMatchObject({ flag: "" });
});

test("rows say what --help and the README show", () => {
  const rows = optionRows("server-x", table);
  expect(rows.find(({ name }) => name === "dir")).toMatchObject({ flag: "[dir…]", env: "X_DIR", common: false });
  expect(rows.find(({ name }) => name === "timeout")).toEqual({
    name: "timeout",
    type: "duration",
    value: "duration",
    flag: "--timeout <duration>",
    env: "MCP_SERVER_TIMEOUT",
    default: "30s",
    description: "Time limit for a call.",
    common: true,
  });
});

const asNobody = process.platform === "linux" && process.getuid?.() === 0;

test.skipIf(!asNobody)("without a home and a working directory, absolute paths work and others are refused", () => {
  const gone = mkdtempSync(join(tmpdir(), "options-"));
  const source = `
    const { parseOptions } = await import(${JSON.stringify(new URL("../dist/command-line.js", import.meta.url).href)});
    process.chdir(${JSON.stringify(gone)});
    (await import("node:fs")).rmdirSync(${JSON.stringify(gone)});
    process.setuid(54321);
    const table = { dir: { type: "directory", positional: true, description: "D." } };
    for (const text of ["/", "relative", "~/notes"]) {
      try { console.log(parseOptions("server-x", table, [text], {}).dir); } catch ({ message }) { console.log(message); }
    }`;
  const env = { PATH: process.env.PATH };
  const answers = execFileSync(process.execPath, ["--input-type=module", "--eval", source], { env, encoding: "utf8" });
  expect(answers.trim().split("\n")).toEqual([
    "/",
    '<dir>: "relative" needs a working directory, and there is none. Give an absolute path.',
    '<dir>: "~/notes" needs a home directory, and there is none. Give an absolute path.',
  ]);
});
