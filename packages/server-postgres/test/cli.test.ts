import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { ended, start } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { useDatabase } from "./postgres.ts";

const BIN = "dist/cli.js";
const database = useDatabase("CREATE TABLE t (a int)");

describe.skipIf(!existsSync(BIN))("the built command", () => {
  const outcome = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const child = start(BIN, args, env);
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        said[name] += chunk.toString();
      });
    }
    child.stdin.end();
    return { code: (await ended(child)).code, ...said };
  };

  test.each([
    ["DELETE FROM t", 1, /^refused: DELETE is not a statement that reads/],
    ["SELECT 1; SELECT 2", 1, /^refused: the text holds 2 statements/],
    ["SELEC", 1, /^syntax error/],
    ["SELECT a FROM t", 0, /^allowed as far as its text says.*no database is configured/],
  ])("--check %s needs no database", async (sql, code, text) => {
    const found = await outcome(["--check", sql]);
    expect(found.stdout).toMatch(text);
    expect(found.code).toBe(code);
  });

  test("--check asks the catalogue where there is a database", async () => {
    const env = { DATABASE_URL: database.readerUrl };
    expect(await outcome(["--check", "SELECT a FROM t"], env)).toMatchObject({
      code: 0,
      stdout: "allowed, by the catalogue of default\n",
    });
    const refused = await outcome(["--check", "SELECT pg_sleep(1)"], env);
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/^refused: pg_sleep\(\) is volatile/) });
  });

  test("--check leaves stdin to the script that runs it", () => {
    const checkEach = `while IFS= read -r sql; do "$0" "$1" --check "$sql"; done`;
    const input = "DELETE FROM t\nSELECT 1; SELECT 2\n";
    const stdout = execFileSync("sh", ["-c", `${checkEach}; true`, process.execPath, BIN], { input, encoding: "utf8" });
    expect(stdout).toMatch(/^refused: DELETE .*\nrefused: the text holds 2 statements.*\n$/);
  });

  test("--print-role-sql prints SQL and nothing else", async () => {
    const { code, stdout } = await outcome(["--print-role-sql", "--schemas", "app"]);
    expect(code).toBe(0);
    expect(stdout).toContain('GRANT SELECT ON ALL TABLES IN SCHEMA "app" TO mcp_reader;');
  });

  test("a URL on the command line is refused, and not repeated", async () => {
    const { code, stderr } = await outcome(["--database", "postgres://u:hunter2@h/d"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/name=VARIABLE/);
    expect(stderr).not.toContain("hunter2");
  });
});
