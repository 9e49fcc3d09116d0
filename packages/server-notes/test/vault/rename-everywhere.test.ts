import { makeFolder, silent, useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { renameTagEverywhere } from "../../src/vault/bulk/rename-everywhere.ts";
import { openVault } from "../../src/vault/vault.ts";

const cleanup = useCleanup();

test("a renaming whose time ends with the last note has nothing left to do when it is repeated", async () => {
  const [notes, index] = [makeFolder({ "a.md": "#old\n", "b.md": "#old\n" }), makeFolder()];
  cleanup(notes.remove);
  cleanup(index.remove);
  const options = { dir: notes.path, templates: "templates", dailyFolder: "daily", indexDir: index.path };
  const vault = await openVault(options, silent);
  cleanup(() => vault.close());

  const work = { from: "old", to: "new", isDryRun: false };
  const progress = () => Promise.resolve();
  const { signal } = new AbortController();
  Object.defineProperty(signal, "aborted", { get: () => notes.read("b.md") === "#new\n" });
  const outOfTime = "out of time after 2 of 2 notes: #old is now #new in 2 notes. Repeat the same call to continue.";
  await expect(renameTagEverywhere(vault, work, { signal, progress })).rejects.toThrow(outOfTime);

  const again = { signal: new AbortController().signal, progress };
  expect(await renameTagEverywhere(vault, work, again)).toEqual({ count: 0, notes: [], failed: [] });
  // A rename to another name was never requested.
  await expect(renameTagEverywhere(vault, { ...work, to: "other" }, again)).rejects.toThrow(
    'no note has the tag "old"',
  );
});
