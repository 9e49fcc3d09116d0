import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { readListed } from "../lib/listed.ts";
import { ROOT } from "../lib/repository.ts";
import { dockerCatalogEntry } from "../listings/catalogs.ts";

/**
 * `pnpm docker-catalog [folder]`: writes servers/<name>/server.yaml for a pull request to docker/mcp-registry, at the commit that is
 * checked out. Docker's machines build that commit, so it must have been pushed.
 */
const target = path.resolve(process.argv[2] ?? path.join(ROOT, ".release/docker-catalog"));
const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();

for (const server of await readListed()) {
  const folder = path.join(target, "servers", server.command);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "server.yaml"), dockerCatalogEntry(server, commit));
  process.stdout.write(`${path.join(folder, "server.yaml")}\n`);
}
