import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandLine } from "../../src/git/command-line.ts";

/** The arguments that git would get: the git on PATH is replaced by a program that prints them. */
function received(args: readonly string[], paths: readonly Buffer[], shell?: string): Buffer[] {
  const [program, words] = commandLine(args, paths);
  const printer = `git() { for word; do printf '%s\\0' "$word"; done; }; `;
  const command = program === "git" ? ["-c", `${printer} git "$@"`, "git", ...words] : words;
  const script = (command[1] ?? "").replace("exec git", "git");
  const text = program === "git" ? script : printer + script;
  const out = execFileSync(shell ?? "/bin/sh", ["-c", text, ...command.slice(2)]);
  const fields: Buffer[] = [];
  for (let at = 0; at < out.length; at = out.indexOf(0, at) + 1) fields.push(out.subarray(at, out.indexOf(0, at)));
  return fields;
}

const path = fc
  .array(fc.oneof(fc.constantFrom(...Buffer.from("\n\r\t '\"\\$`%!*?-x;|&(){}0")), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((bytes) => Buffer.from(bytes));

describe.runIf(process.platform !== "win32")("a name of any bytes reaches git unchanged", () => {
  test.for(["/bin/sh", "/bin/bash"].filter((shell) => existsSync(shell)))("through %s", (shell) => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 3 }), (paths) => {
        expect(received(["log", "$(x)", "-n 1"], paths, shell)).toEqual([
          ...["log", "$(x)", "-n 1", "--"].map((word) => Buffer.from(word)),
          ...paths,
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test("without a shell if it is valid text", () => {
    expect(commandLine(["log"], [Buffer.from("café.txt")])).toEqual(["git", ["log", "--", "café.txt"]]);
    expect(commandLine(["log"])).toEqual(["git", ["log"]]);
  });
});
