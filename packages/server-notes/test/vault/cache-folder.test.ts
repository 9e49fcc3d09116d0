import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";

const cleanUp = useCleanup();
const isRoot = process.platform === "linux" && process.getuid?.() === 0;
const module = new URL("../../src/vault/lock/cache-folder.ts", import.meta.url).href;

/** Where a user without a home or an entry in the list of users keeps its index. */
function cacheOfNobody(temporary: string): string {
  const source = `
    const { platformCache } = await import(${JSON.stringify(module)});
    process.setuid(54321);
    try { console.log(platformCache("linux", {})); } catch ({ message }) { console.log(message); }`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", source];
  const env = { PATH: process.env.PATH, TMPDIR: temporary };
  return execFileSync(process.execPath, args, { env, encoding: "utf8" }).trim();
}

test.skipIf(!isRoot)("a user without a home has a private folder, and uses none that somebody else made", () => {
  const folder = makeFolder();
  cleanUp(folder.remove);
  chmodSync(folder.path, 0o777);
  const own = join(folder.path, "server-notes-54321");
  expect(cacheOfNobody(folder.path)).toBe(join(own, ".cache", "server-notes"));
  expect(cacheOfNobody(folder.path)).toBe(join(own, ".cache", "server-notes"));

  const other = makeFolder();
  cleanUp(other.remove);
  chmodSync(other.path, 0o777);
  mkdirSync(join(other.path, "server-notes-54321"), { mode: 0o755 });
  expect(cacheOfNobody(other.path)).toMatch(/belongs to somebody else\. Pass --index-dir\.$/);
});
