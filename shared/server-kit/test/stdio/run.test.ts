import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const help = (...command: string[]) => execFileSync(process.execPath, [...command, "--help"], { encoding: "utf8" });

test("--help has no heading without options under it", () => {
  const plain = help("--import", "tsx", "test/fixtures/no-options.ts");
  expect(plain).toMatch(/instead\.\n\nCommon options:\n {2}--/);
  const own = help("dist/test/everything.mjs");
  expect(own).toMatch(/instead\.\n\nOptions:\n {2}--greeting[\s\S]+\n\nCommon options:\n {2}--/);
});

test("--help and --version take no notice of a value", () => {
  const run = (flag: string) =>
    execFileSync(process.execPath, ["dist/test/everything.mjs", flag], { encoding: "utf8" });
  expect(run("--help=1")).toBe(help("dist/test/everything.mjs"));
  expect(run("--version=true")).toBe(run("--version"));
});
