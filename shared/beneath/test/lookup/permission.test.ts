import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeSandbox } from "../sandbox.ts";

const INDEX = new URL("../../dist/index.js", import.meta.url).href;
/** root may do anything, so the moves run as another user. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

test("a move names the side whose directory may not be written", () => {
  const { dir, inside } = makeSandbox();
  chmodSync(`${dir}/..`, 0o755);
  for (const name of ["free", "fixed"]) {
    mkdirSync(inside(name));
    mkdirSync(inside(`${name}/tree`));
    writeFileSync(inside(`${name}/file`), "x");
  }
  if (nobody) {
    for (const name of ["", "free", "free/tree", "free/file", "fixed", "fixed/tree", "fixed/file"]) {
      chownSync(inside(name), nobody.uid, nobody.gid);
    }
  }
  chmodSync(inside("fixed"), 0o555);
  const script = `import { openRoot } from ${JSON.stringify(INDEX)};
    const root = await openRoot(${JSON.stringify(dir)});
    for (const [from, to] of [["free/file", "fixed/a"], ["free/tree", "fixed/a"], ["fixed/file", "free/a"], ["fixed/tree", "free/a"]]) {
      const said = await root.rename(from, to).then(() => "done", ({ code, side, path }) => [code, side, path].join(" "));
      console.log(said);
    }`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: "/", ...nobody });
  chmodSync(inside("fixed"), 0o755);
  expect(stdout.toString().trim().split("\n")).toEqual([
    "no_permission destination fixed/a",
    "no_permission destination fixed/a",
    "no_permission source fixed/file",
    "no_permission source fixed/tree",
  ]);
  expect(readdirSync(inside("free")).toSorted()).toEqual(["file", "tree"]);
});
