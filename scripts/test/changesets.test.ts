import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT, readJson, readServers } from "./repository.ts";

const folder = path.join(ROOT, ".changeset");
const changesets = (await readdir(folder)).filter((file) => file.endsWith(".md") && file !== "README.md");
const kit = (await readJson(path.join(ROOT, "shared/server-kit/package.json"))).name;
const servers = (await readServers()).map(({ json }) => json.name);

/** The packages that a changeset raises. */
function raised(changeset: string): string[] {
  const [, head = ""] = changeset.split(/^---$/m);
  return [...head.matchAll(/^\s*["']?([^"':\s]+)["']?\s*:\s*(?:patch|minor|major)\s*$/gm)].map(([, name = ""]) => name);
}

// The kit is inside each server's bundle: a server that is not published again never gets the change.
test("a changeset that raises the kit raises every server", async () => {
  expect(raised(`---\n"@a/b": patch\n'@c/d': minor\n---\n\nText: patch\n`)).toEqual(["@a/b", "@c/d"]);
  for (const file of changesets) {
    const names = raised(await readFile(path.join(folder, file), "utf8"));
    if (names.includes(kit)) expect({ file, names }).toEqual({ file, names: expect.arrayContaining(servers) });
  }
});
