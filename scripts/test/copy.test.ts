import { access } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { npm, OPENING, pack, pipe } from "./npm.ts";
import { copyProject, ROOT, readPackages, readServers, temporaryFolder } from "./repository.ts";
import { sampleArguments } from "./samples.ts";

const servers = await readServers();
// What a server's folder takes from here, it finds on the registry once it is published.
const shared = (await readPackages()).filter(({ folder, json }) => folder.startsWith("shared/") && !json.private);

test.each(servers.map(({ folder, json }) => [json.name, folder, json] as const))(
  "a copy of %s's folder installs, builds, passes its tests and runs",
  async (name, folder, json) => {
    const [copy, tarballs] = [await temporaryFolder(), await temporaryFolder()];
    await copyProject(folder, copy);
    const packed = await Promise.all(shared.map((found) => pack(path.join(ROOT, found.folder), tarballs)));

    await npm(copy, "install", "--no-save", ...packed.map(({ file }) => file));
    await expect(access(path.join(copy, "dist"))).rejects.toThrow("ENOENT");
    await npm(copy, "run", "build");
    await npm(copy, "run", "typecheck");
    await npm(copy, "test");

    const args = await sampleArguments(name, copy);
    for (const script of Object.values(json.bin ?? {})) {
      const { code, replies } = await pipe(path.join(copy, script), args, OPENING);
      expect(replies).toMatchObject([{ id: 1 }, { id: 2, result: { tools: expect.any(Array) } }]);
      expect(code).toBe(0);
    }
  },
);
