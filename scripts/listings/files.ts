import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Listed, readListed } from "../lib/listed.ts";
import { ROOT } from "../lib/repository.ts";
import { glamaFile, smitheryFile } from "./catalogs.ts";
import { composeFile } from "./compose.ts";
import { costsTable } from "./costs.ts";
import { dockerfile } from "./dockerfile.ts";
import { kubernetesManifest } from "./kubernetes.ts";

const KUBERNETES = "deploy/kubernetes";

/** A file that is generated from the servers' own tables. */
export interface Generated {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** Its wanted content; undefined if it should not exist. */
  readonly text: string | undefined;
}

/** The files in which the repository describes its servers; `server-build docs` writes those of each server. */
export async function generatedFiles(root = ROOT): Promise<Generated[]> {
  const servers = await readListed(root);
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  const ofServers = servers.flatMap((server) => [
    { file: `${server.folder}/Dockerfile`, text: dockerfile(server) },
    { file: `${server.folder}/smithery.yaml`, text: smitheryFile(server) },
    { file: `${KUBERNETES}/${server.command}.yaml`, text: kubernetesManifest(server) },
  ]);
  const [first] = servers;
  return [
    ...ofServers,
    ...(first ? [{ file: "glama.json", text: glamaFile(first) }] : []),
    { file: "deploy/compose.yaml", text: composeFile(servers) },
    { file: "README.md", text: withCosts(readme, servers) },
    ...(await leftOver(root, servers)),
  ];
}

/** The root README with its table of costs. */
function withCosts(readme: string, servers: readonly Listed[]): string {
  const [begin, end] = ["<!-- generated: costs -->", "<!-- /generated: costs -->"];
  const [before, after] = [readme.indexOf(begin), readme.indexOf(end)];
  if (before === -1 || after < before) throw new Error(`README.md has no ${begin} and ${end}.`);
  return `${readme.slice(0, before)}${begin}\n\n${costsTable(servers)}\n\n${readme.slice(after)}`;
}

/** Manifests of servers that no longer exist. */
async function leftOver(root: string, servers: readonly Listed[]): Promise<Generated[]> {
  const present = await readdir(path.join(root, KUBERNETES)).catch(() => []);
  const gone = present.filter((name) => !servers.some(({ command }) => name === `${command}.yaml`));
  return gone.map((name) => ({ file: `${KUBERNETES}/${name}`, text: undefined }));
}
