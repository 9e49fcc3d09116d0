import { readFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "./failure.ts";
import { isObject, type JsonObject, objectAt, stringAt } from "./json.ts";

/** The parts of a server's package.json that the commands need. */
export interface Manifest {
  readonly name: string;
  /** Packages that npm installs separately, and that stay out of the bundle. */
  readonly external: readonly string[];
  /** Bundled CommonJS packages that load on first use: `"server-build": { "onFirstUse": […] }`. */
  readonly onFirstUse: readonly string[];
}

/** Reads a server's package.json. Fails with exit code 2 if the folder has no usable one. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = path.join(folder, "package.json");
  const text = await readFile(file, "utf8").catch(() => {
    throw new Failure(`No package.json in ${folder}. Run server-build in a server's folder.`, 2);
  });
  const json = parseObject(text);
  const name = json && stringAt(json, "name");
  if (!json || !name) throw new Failure(`${file} is not a package's JSON object with a name.`, 2);
  const installed = { ...objectAt(json, "dependencies"), ...objectAt(json, "optionalDependencies") };
  const { onFirstUse = [] } = objectAt(json, "server-build");
  if (!Array.isArray(onFirstUse) || !onFirstUse.every((item) => typeof item === "string")) {
    throw new Failure(`${file}: onFirstUse of server-build must be a list of package names.`, 2);
  }
  return { name, external: Object.keys(installed), onFirstUse };
}

/** Parses text as a JSON object; undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
