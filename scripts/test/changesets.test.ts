import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT, readJson, readServers } from "../lib/repository.ts";

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
test("changesets that raise the kit raise every server", async () => {
  expect(raised(`---\n"@a/b": patch\n'@c/d': minor\n---\n\nText: patch\n`)).toEqual(["@a/b", "@c/d"]);
  const all = (await Promise.all(changesets.map((file) => readFile(path.join(folder, file), "utf8")))).flatMap(raised);
  // They are published together, so a new server is raised by its own changeset.
  if (all.includes(kit)) expect(all).toEqual(expect.arrayContaining(servers));
});
