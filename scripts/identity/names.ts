import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** The names under which the packages are published. */
export interface Identity {
  /** npm scope, including the `@`. */
  readonly scope: string;
  /** The part of a registry name before the slash: a domain in reverse. */
  readonly namespace: string;
  /** The repository's root page, without a slash or `.git` at its end. */
  readonly repository: string;
}

/** Its message is shown to the user unchanged. */
export class IdentityError extends Error {
  override name = "IdentityError";
}

const RULES: Readonly<Record<keyof Identity, { pattern: RegExp; example: string }>> = {
  scope: { pattern: /^@[a-z0-9][a-z0-9._-]*$/, example: "@acme" },
  namespace: { pattern: /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+$/, example: "io.github.acme or com.acme" },
  repository: {
    pattern: /^https:\/\/(?:github|gitlab)\.com\/[\w-][\w.-]*\/[\w-][\w.-]*(?<!\.git)$/,
    example: "https://github.com/acme/servers",
  },
};

/** Reads the wanted identity. @throws IdentityError with the first invalid value */
export async function readWanted(root: string): Promise<Identity> {
  const json = await readJson(path.join(root, "identity.json"));
  const value = (key: keyof Identity): string => {
    const { pattern, example } = RULES[key];
    const found = json[key];
    if (typeof found === "string" && pattern.test(found)) return found;
    throw new IdentityError(`identity.json: ${key} ${JSON.stringify(found)} is not valid; write it as ${example}.`);
  };
  return { scope: value("scope"), namespace: value("namespace"), repository: value("repository") };
}

/**
 * Reads the tree's current identity: scope and repository from the kit's package.json, the namespace from
 * those of the servers. An interrupted run leaves servers with two namespaces; the unwanted one counts.
 */
export async function readPresent(root: string, wanted: Identity): Promise<Identity> {
  const kit = await readJson(path.join(root, "shared/server-kit/package.json"));
  const scope = /^(@[^/]+)\/server-kit$/.exec(String(kit.name))?.[1];
  const repository = /^git\+(https:\/\/.+)\.git$/.exec(repositoryUrl(kit))?.[1];
  const names = await Promise.all((await serverManifests(root)).map(async (file) => (await readJson(file)).mcpName));
  const namespaces = names.flatMap((name) => /^([^/]+)\/[^/]+$/.exec(String(name))?.[1] ?? []);
  const namespace = namespaces.find((name) => name !== wanted.namespace) ?? namespaces[0];
  if (scope && repository && namespace) return { scope, namespace, repository };
  throw new IdentityError(
    "The present identity is not found: shared/server-kit/package.json needs name and repository.url, packages/*/package.json mcpName.",
  );
}

/** The package.json files of the servers. */
async function serverManifests(root: string): Promise<string[]> {
  const folders = await readdir(path.join(root, "packages"), { withFileTypes: true });
  return folders
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(root, "packages", name, "package.json"));
}

function repositoryUrl({ repository }: Record<string, unknown>): string {
  return typeof repository === "object" && repository !== null && "url" in repository ? String(repository.url) : "";
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof json === "object" && json !== null) return { ...json };
  } catch (error) {
    throw new IdentityError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  throw new IdentityError(`${file} is not a JSON object.`);
}
