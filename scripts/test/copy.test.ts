import { access, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { npm, OPENING, packShared, pipe } from "../lib/npm.ts";
import { ROOT, readJson, readServers } from "../lib/repository.ts";
import { sampleArguments } from "../lib/samples.ts";
import { copyProject, temporaryFolder } from "./repository.ts";

const servers = await readServers();
/**
 * Each server's whole suite already runs in its own folder. For copies, the fastest suite shows that all files were
 * copied.
 */
const COPIED = "/server-time";
const isWhole = (name: string) => process.env.HEAVY !== undefined || name.endsWith(COPIED);

/** Runs the commands of "Copy one" in the root README on a copy. */
async function rename(copy: string): Promise<void> {
  const readme = await readFile(path.join(ROOT, "README.md"), "utf8");
  const [, commands = ""] = /^## Copy one\n.*?^```sh\n(.*?)^```/ms.exec(readme) ?? [];
  const renaming = commands.split("\n").filter((line) => line.startsWith("npm pkg "));
  expect(renaming).not.toEqual([]);
  for (const line of renaming) await npm(copy, ...line.split(" ").slice(1));
  const file = path.join(copy, "src/server.ts");
  const source = await readFile(file, "utf8");
  await writeFile(file, source.replace('name: "server-time"', 'name: "my-server"'));
}

test.each(servers.map(({ folder, json }) => [json.name, folder, json] as const))(
  "a copy of %s's folder installs, builds, passes its tests and runs",
  async (name, folder, json) => {
    const copy = await temporaryFolder();
    await copyProject(folder, copy);

    // This copy is renamed as the root README says.
    const isRenamed = name.endsWith(COPIED);
    if (isRenamed) await rename(copy);
    await npm(copy, "install", "--no-save", ...(await packShared()));
    await expect(access(path.join(copy, "dist"))).rejects.toThrow("ENOENT");
    await npm(copy, "run", "build");
    await npm(copy, "run", "typecheck");
    await npm(copy, "test", ...(isWhole(name) ? [] : ["--", "test/contract.test.ts"]));

    const args = await sampleArguments(name, copy);
    const { bin = {} } = await readJson(path.join(copy, "package.json"));
    expect(Object.keys(bin)).toEqual(isRenamed ? ["my-server"] : Object.keys(json.bin ?? {}));
    const serverInfo = { name: isRenamed ? "my-server" : path.basename(folder) };
    for (const script of Object.values(bin)) {
      const { code, replies } = await pipe(path.join(copy, script), args, OPENING);
      expect(replies).toMatchObject([
        { id: 1, result: { serverInfo } },
        { id: 2, result: { tools: expect.any(Array) } },
      ]);
      expect(code).toBe(0);
    }
  },
);
