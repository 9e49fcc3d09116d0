import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Package, ROOT, readJson, readPackages } from "../lib/repository.ts";

const packages = await readPackages();
const published = packages.filter(({ json }) => !json.private);
const versions = new Map(packages.map(({ json }) => [json.name, json.version ?? ""]));

function dependenciesOf({ json }: Package): [string, string][] {
  return [json.dependencies, json.devDependencies, json.peerDependencies, json.optionalDependencies].flatMap((group) =>
    Object.entries(group ?? {}),
  );
}

test("a dependency has one range in the whole repository", async () => {
  const root: Package = { folder: ".", json: await readJson(path.join(ROOT, "package.json")) };
  const ranges = new Map<string, Set<string>>();
  for (const [name, range] of [root, ...packages].flatMap(dependenciesOf)) {
    ranges.set(name, (ranges.get(name) ?? new Set()).add(range));
  }
  const split = [...ranges].filter(([, found]) => found.size > 1).map(([name, found]) => [name, ...found]);
  expect(split).toEqual([]);
});

test("ranges are plain, so that npm can install a folder that was copied", () => {
  // An exact prerelease also counts as a plain version.
  const plain = /^(?:[~^]?\d+\.\d+\.\d+|\d+\.\d+\.\d+-[\w.]+)$/;
  const special = packages.flatMap(dependenciesOf).filter(([, range]) => !plain.test(range));
  expect(special).toEqual([]);
});

test("packages of this repository depend on the versions in it", () => {
  const internal = packages.flatMap(dependenciesOf).filter(([name]) => versions.has(name));
  expect(internal).not.toEqual([]);
  expect(internal.filter(([name, range]) => range !== `^${versions.get(name)}`)).toEqual([]);
});

test("everything is built before the tests that install packages", async () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    await readFile(path.join(ROOT, "package.json"), "utf8"),
  );
  for (const name of ["test", "check", "test:heavy"])
    expect(scripts[name]).toMatch(/^turbo run build [^&]*&& turbo run /);
});

test("every server has its row in the root README", async () => {
  const readme = await readFile(path.join(ROOT, "README.md"), "utf8");
  for (const { folder } of published.filter(({ folder }) => folder.startsWith("packages/"))) {
    expect(readme).toContain(`| [${path.basename(folder)}](${folder}/README.md) `);
  }
});

describe.each(published.map((found) => [found.json.name, found] as const))("%s", (_, { folder, json }) => {
  test("agrees with its siblings about Node, licence, publishing and repository", () => {
    expect(json).toMatchObject({
      license: "MIT",
      engines: { node: ">=20" },
      publishConfig: { access: "public", provenance: true },
      repository: { type: "git", directory: folder },
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      description: expect.stringMatching(/^.{20,}\.$/),
    });
  });

  test("has a README and a licence", () => {
    const missing = ["README.md", "LICENSE"].filter((name) => !existsSync(path.join(ROOT, folder, name)));
    expect(missing).toEqual([]);
  });
});
