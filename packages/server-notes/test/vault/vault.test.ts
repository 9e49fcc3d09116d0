import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { makeFolder, silent, useCleanup } from "@org/server-kit/testing";
import { afterEach, expect, test, vi } from "vitest";
import { openDailyNote } from "../../src/vault/daily/daily.ts";
import { requireTemplate } from "../../src/vault/daily/templates.ts";
import { openVault, type VaultOptions } from "../../src/vault/vault.ts";

const cleanup = useCleanup();
afterEach(() => vi.unstubAllEnvs());

function folders() {
  const [notes, other] = [makeFolder(), makeFolder()];
  cleanup(notes.remove);
  cleanup(other.remove);
  return { notes, other };
}

const defaults = (dir: string): VaultOptions => ({
  dir,
  templates: "templates",
  dailyFolder: "daily",
  indexDir: undefined,
});

async function opened(dir: string, options: Partial<VaultOptions> = {}) {
  const vault = await openVault({ ...defaults(dir), ...options }, silent);
  cleanup(() => vault.close());
  return vault;
}

test("an index that lies among the notes through a link is refused", async () => {
  const { notes, other } = folders();
  mkdirSync(path.join(notes.path, "sub"));
  symlinkSync(path.join(notes.path, "sub"), path.join(other.path, "link"));
  const indexDir = path.join(other.path, "link/not/there yet");
  await expect(opened(notes.path, { indexDir })).rejects.toMatchObject({ code: "invalid_input" });
  await opened(notes.path, { indexDir: path.join(other.path, "not/there yet") });
});

test("a cache folder among the notes is refused", async () => {
  const { notes } = folders();
  vi.stubEnv("XDG_CACHE_HOME", path.join(notes.path, "cache"));
  await expect(opened(notes.path)).rejects.toThrow("XDG_CACHE_HOME");
  expect(existsSync(path.join(notes.path, "cache"))).toBe(false);
});

test("the cache folder in a home folder that holds the notes does no harm, and is not listed", async () => {
  const { notes } = folders();
  notes.write("a.md", "apple");
  notes.write(".cache/b.md", "apple");
  vi.stubEnv("XDG_CACHE_HOME", path.join(notes.path, ".cache"));
  const vault = await opened(notes.path);
  const { signal } = new AbortController();
  await vault.index.ready;
  expect(existsSync(path.join(notes.path, ".cache/server-notes"))).toBe(true);
  const { items } = await vault.index.call("files", { limit: 10 }, signal);
  expect(items.map((file) => file.path)).toEqual(["a.md"]);
  notes.write("c.md", "apple");
  expect((await vault.index.call("search", { query: "apple", limit: 10 }, signal)).items).toHaveLength(2);
});

test.each(["", "sub/cache", ".trash/cache", ".server-notes"])(
  "an index in %j of the notes folder is refused: notes, or files that the server keeps there, are in it",
  async (folder) => {
    const { notes } = folders();
    const indexDir = path.join(notes.path, folder);
    await expect(opened(notes.path, { indexDir })).rejects.toMatchObject({ code: "invalid_input" });
  },
);

test("leftovers of crashed writes are removed, once they are old", async () => {
  const { notes } = folders();
  const left = ["", "sub/", ".trash/"].map((folder) => `${folder}.beneath-${"0".repeat(24)}.tmp`);
  const theirs = `.git/.beneath-${"0".repeat(24)}.tmp`;
  for (const name of [...left, theirs]) notes.write(name, "half");
  const there = () => left.filter((name) => existsSync(path.join(notes.path, name)));
  const young = await openVault(defaults(notes.path), silent);
  await young.close();
  expect(there()).toEqual(left);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  await opened(notes.path, { readOnly: true });
  await opened(notes.path);
  await expect.poll(there, { timeout: 60_000 }).toEqual([]);
  vi.useRealTimers();
  expect(existsSync(path.join(notes.path, theirs))).toBe(true);
});

test("templates may be hidden, daily notes may not", async () => {
  const { notes } = folders();
  notes.write(".obsidian/templates/daily.md", "# Day {{title}}\n");
  const vault = await opened(notes.path, { templates: ".obsidian/templates" });
  const { signal } = new AbortController();
  expect((await openDailyNote(vault, "2026-11-20", undefined, signal)).note.text).toBe("# Day 2026-11-20\n");
  await expect(requireTemplate(vault, "../app", signal)).rejects.toMatchObject({ code: "access_denied" });
  await expect(requireTemplate(vault, ".hidden", signal)).rejects.toMatchObject({ code: "access_denied" });
  await expect(opened(notes.path, { dailyFolder: ".daily" })).rejects.toThrow(/^--daily-folder: /);
});
