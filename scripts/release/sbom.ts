import { readFile } from "node:fs/promises";
import path from "node:path";

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * What npm installs with a library, as CycloneDX 1.6: the library and all its dependencies, with licences and
 * checksums. A server's is in its package, made with its bundle.
 * @param folder where npm installed it, possibly next to other packages
 */
export async function installedSbom(folder: string, name: string): Promise<string> {
  const lock = JSON.parse(await readFile(path.join(folder, "node_modules/.package-lock.json"), "utf8"));
  const locked: Readonly<Record<string, Locked>> = lock.packages;
  const found = new Map<string, readonly string[]>();
  const places = [place("", name, locked)];
  for (const at of places) {
    if (at === undefined || found.has(at)) continue;
    const { dependencies, optionalDependencies } = locked[at] ?? {};
    // An optional dependency may be missing.
    const needed = Object.keys({ ...dependencies, ...optionalDependencies }).map((one) => place(at, one, locked));
    const present = needed.filter((one) => one !== undefined);
    found.set(at, present);
    places.push(...present);
  }
  const [own, ...others] = [...found.keys()].map((at) => component(at, locked[at] ?? {}));
  const dependencies = [...found].map(([at, needed]) => {
    return { ref: purlOf(at, locked[at]), dependsOn: needed.map((one) => purlOf(one, locked[one])) };
  });
  const head = { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, metadata: { component: own } };
  return `${JSON.stringify({ ...head, components: others, dependencies }, null, 2)}\n`;
}

/** Where Node.js finds a package from inside another: the nearest folder upwards that has it. */
function place(from: string, name: string, locked: Readonly<Record<string, Locked>>): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const candidate = path.posix.join(at, "node_modules", name);
    if (candidate in locked) return candidate;
    if (at === "") return undefined;
  }
}

const nameOf = (at: string) => at.slice(at.lastIndexOf("node_modules/") + "node_modules/".length);
const purlOf = (at: string, { version = "" }: Locked = {}) => `pkg:npm/${nameOf(at).replace("@", "%40")}@${version}`;

function component(at: string, { version, license, integrity }: Locked) {
  const [algorithm, digest = ""] = integrity?.split("-") ?? [];
  const content = Buffer.from(digest, "base64").toString("hex");
  return {
    type: "library",
    "bom-ref": purlOf(at, { version: version ?? "" }),
    name: nameOf(at),
    version,
    purl: purlOf(at, { version: version ?? "" }),
    ...(license && { licenses: [{ expression: license }] }),
    ...(algorithm === "sha512" && { hashes: [{ alg: "SHA-512", content }] }),
  };
}
