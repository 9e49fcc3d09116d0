import { execFile } from "node:child_process";
import { readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type Package, ROOT, readPackages } from "../lib/repository.ts";
import { UNWRITTEN } from "../new-server/texts.ts";
import { notesOf } from "./notes.ts";

const run = promisify(execFile);

/**
 * Lets changesets raise the versions in a clone in `folder`, and returns problems with the result: a package without notes
 * or with a template's, a dependency on an outdated version, or a raised kit without the servers that bundle it.
 */
export async function versionProblems(folder: string): Promise<string[]> {
  await run("git", ["clone", "--quiet", "--shared", ROOT, folder]);
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  const before = new Map((await publishedIn(folder)).map(({ json }) => [json.name, json.version]));
  await run(path.join(ROOT, "node_modules/.bin/changeset"), ["version"], { cwd: folder });
  const after = await publishedIn(folder);
  const versions = new Map(after.map(({ json }) => [json.name, json.version ?? ""]));
  const raised = after.filter(({ json }) => before.get(json.name) !== json.version);
  const kit = raised.some((one) => one.folder === "shared/server-kit");
  const left = after.filter((one) => one.folder.startsWith("packages/") && !raised.includes(one));
  const problems = kit ? left.map(({ json }) => `${json.name} has the kit inside and is not raised with it`) : [];
  for (const { folder: own, json } of raised) {
    const changelog = await readFile(path.join(folder, own, "CHANGELOG.md"), "utf8").catch(() => "");
    const notes = notesOf(changelog, json.version ?? "");
    if (!notes) problems.push(`${json.name} ${json.version} has no notes`);
    if (notes?.includes(UNWRITTEN)) problems.push(`the changeset of ${json.name} has yet to ${UNWRITTEN}`);
  }
  for (const { json } of await readPackages(folder)) {
    const ranges = Object.entries({ ...json.dependencies, ...json.devDependencies, ...json.peerDependencies });
    for (const [name, range] of ranges) {
      const version = versions.get(name);
      if (version !== undefined && range !== `^${version}`)
        problems.push(`${json.name} asks for ${name} ${range}, not ${version}`);
    }
  }
  return problems;
}

const publishedIn = async (folder: string): Promise<Package[]> =>
  (await readPackages(folder)).filter(({ json }) => !json.private);
