import { chmodSync } from "node:fs";
import { useCleanup } from "@org/server-kit/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { useServer } from "../use-server.ts";

// A directory that can be listed but not entered.
const NOBODY = 65_534;
const canBe = process.platform !== "win32";

describe.skipIf(!canBe)("a directory that may be listed and not entered", () => {
  const cleanup = useCleanup();
  const { folder, ok } = useServer({ files: { "a.txt": "needle", "shut/b.txt": "needle", "z/c.txt": "needle" } });
  // A thread that has started needs no more files of its own, which other users may not be allowed to read.
  beforeAll(async () => {
    await ok("list_directory", { path: "." });
    await ok("search_content", { path: ".", query: "needle" });
    chmodSync(folder.path, 0o755);
    chmodSync(folder.at("shut"), 0o744);
  });
  const shut = () => {
    if (process.geteuid?.() !== 0) {
      chmodSync(folder.at("shut"), 0o644);
      cleanup(() => chmodSync(folder.at("shut"), 0o744));
      return;
    }
    process.seteuid?.(NOBODY);
    cleanup(() => process.seteuid?.(0));
  };

  test("does not keep the others from being searched", async () => {
    shut();
    const { text } = await ok("search_content", { path: ".", query: "needle" });
    expect(text).toMatch(/^a\.txt:1:needle\nz\/c\.txt:1:needle\n/);
    expect(text).toContain("1 could not be read");
  });

  test("shows its names", async () => {
    shut();
    const { value } = await ok("list_directory", { path: "shut", sortBy: "size" });
    expect(value).toEqual({ entries: [{ name: "b.txt", type: "file" }], total: 1 });
    const { text } = await ok("search_files", { path: ".", pattern: "*.txt" });
    expect(text).toContain("[FILE] shut/b.txt\n");
    const filtered = await ok("search_files", { path: ".", pattern: "*.txt", min_size: 1 });
    expect(filtered.text).not.toContain("shut/b.txt");
  });
});
