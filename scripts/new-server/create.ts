import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { projectFiles } from "../identity/files.ts";
import { readWanted } from "../identity/names.ts";
import { readServers } from "../lib/repository.ts";
import { renderIcon } from "../listings/icon.ts";
import { NewServerError, namesOf } from "./names.ts";
import { changeset, icon, packageJson, readme, renamed, withRow } from "./texts.ts";

export { NewServerError };

const EXAMPLE = "examples/minimal-server/";
const USAGE = "Name the server: pnpm new-server air-quality.";

/**
 * Makes packages/server-<name> from examples/minimal-server, its row in the root README and its changeset. The snapshot of
 * the example's tools is not copied: the first run of the tests writes the server's own, for review.
 * @throws NewServerError for a name that is invalid or taken; then nothing is written
 */
export async function createServer(root: string, args: readonly string[]) {
  const [name, ...rest] = args;
  if (name === undefined || rest.length > 0 || name.startsWith("-")) throw new NewServerError(USAGE);
  const names = namesOf(name);
  const folder = `packages/${names.server}`;
  const changesetFile = `.changeset/${names.server}.md`;
  for (const taken of [folder, changesetFile]) {
    if (existsSync(path.join(root, taken))) throw new NewServerError(`${taken} exists already. Nothing was written.`);
  }
  const identity = await readWanted(root);
  const read = (file: string) => readFile(path.join(root, file), "utf8");
  const files = new Map<string, string | Buffer>();
  for (const file of await projectFiles(root)) {
    if (!file.startsWith(EXAMPLE) || file.includes("/__snapshots__/")) continue;
    files.set(file.slice(EXAMPLE.length), renamed(await read(file), names));
  }
  files.set(
    "package.json",
    packageJson(JSON.parse(await read(`${EXAMPLE}package.json`)), names, identity, await freePort(root)),
  );
  files.set("README.md", readme(await read(`${EXAMPLE}README.md`), names, identity));
  files.set("icon.svg", icon(names));
  files.set("icon.png", renderIcon(icon(names)));
  files.set("LICENSE", await read("LICENSE"));
  const table = withRow(await read("README.md"), names);

  // All or nothing: an interrupted run leaves no partial folder, which the next one would refuse to touch.
  const staging = path.join(root, `${folder}.new`);
  await rm(staging, { recursive: true, force: true });
  for (const [file, text] of files) {
    await mkdir(path.dirname(path.join(staging, file)), { recursive: true });
    await writeFile(path.join(staging, file), text);
  }
  await rename(staging, path.join(root, folder));
  await writeFile(path.join(root, changesetFile), changeset(names, identity));
  await writeFile(path.join(root, "README.md"), table);
  return { folder, changed: [changesetFile, "README.md"] };
}

/** The next free port in deploy/compose.yaml. */
async function freePort(root: string): Promise<number> {
  const ports = (await readServers(root)).map(({ json }) => json["server-build"]?.listing?.port ?? 0);
  return Math.max(3000, ...ports) + 1;
}
