import { readFile } from "node:fs/promises";
import path from "node:path";
import { projectFiles } from "../identity/files.ts";

export const ROOT = path.resolve(import.meta.dirname, "../..");

/** A package of the repository: its folder relative to the root, and its package.json. */
export interface Package {
  readonly folder: string;
  readonly json: PackageJson;
}

export interface PackageJson {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly mcpName?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly repository?: { readonly type?: string; readonly url?: string; readonly directory?: string };
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly "server-build"?: {
    readonly listing?: { readonly network: boolean; readonly port?: number; readonly debian?: readonly string[] };
  };
}

/** Every package of the repository at `root`, except the root itself. */
export async function readPackages(root = ROOT): Promise<Package[]> {
  const manifests = (await projectFiles(root)).filter((file) =>
    /^(?:packages|shared|examples)\/[^/]+\/package\.json$|^(?:scripts|bench)\/package\.json$/.test(file),
  );
  return Promise.all(
    manifests.map(async (file) => ({ folder: path.dirname(file), json: await readJson(path.join(root, file)) })),
  );
}

/** The packages in packages/: the servers that people run. */
export async function readServers(root = ROOT): Promise<Package[]> {
  return (await readPackages(root)).filter(({ folder }) => folder.startsWith("packages/"));
}

export async function readJson(file: string): Promise<PackageJson> {
  return JSON.parse(await readFile(file, "utf8"));
}
