import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer({ "one.md": "# One\n" });

test("a notes folder that is removed and made again is served again, without a restart", async () => {
  const dir = server.folder.path;
  await server.ok("read_note", { note: "one.md" });
  rmSync(dir, { recursive: true });
  expect(await server.error("read_note", { note: "one.md" })).toBe(
    'unavailable: "one.md" cannot be reached: the notes folder is missing. Try again once it is back; no restart is needed.',
  );
  mkdirSync(dir);
  writeFileSync(path.join(dir, "two.md"), "# Two\n");
  expect((await server.ok("read_note", { note: "two.md" })).text).toContain("# Two");
});
