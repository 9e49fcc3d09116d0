import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { Failure } from "./failure.ts";
import { stringAt } from "./json.ts";
import type { BundledPackage } from "./licences.ts";
import { type Manifest, parseObject } from "./manifest.ts";

interface Component {
  readonly type: "library" | "application";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly expression: string }[];
  /** Packages whose code is inside this one's published files. */
  readonly components?: readonly Component[];
}

/**
 * What a server is made of, as CycloneDX 1.6: the packages inside its bundle, and those that npm installs beside it. Without a
 * time and a serial number, so that the same sources make the same file.
 */
export async function renderSbom(
  folder: string,
  manifest: Manifest,
  bundled: readonly BundledPackage[],
): Promise<string> {
  const json = parseObject(await readFile(path.join(folder, "package.json"), "utf8")) ?? {};
  const own = component(manifest.name, stringAt(json, "version") ?? "0.0.0", stringAt(json, "license"));
  const inside = bundled.map(({ name, version, licence, vendored }) => {
    const within = vendored.map((text) => component(text.replace(/ [^ ]*$/, ""), text.replace(/^.* /, "")));
    return { ...component(name, version, licence), ...(within.length > 0 && { components: within }) };
  });
  const beside = await Promise.all(manifest.external.map((name) => installed(folder, name)));
  const components = [...inside, ...beside];
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { ...own, type: "application" } },
    components,
    dependencies: [{ ref: own["bom-ref"], dependsOn: components.map((one) => one["bom-ref"]) }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function component(name: string, version: string, licence?: string): Component {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const known = licence && licence !== "unknown" ? { licenses: [{ expression: licence }] } : {};
  return { type: "library", "bom-ref": purl, name, version, purl, ...known };
}

/** The version that was built and tested with; npm may install a later one of the same range. */
async function installed(folder: string, name: string): Promise<Component> {
  for (const place of createRequire(path.join(folder, "package.json")).resolve.paths(name) ?? []) {
    const text = await readFile(path.join(place, name, "package.json"), "utf8").catch(() => undefined);
    const json = text === undefined ? undefined : parseObject(text);
    if (json) return component(name, stringAt(json, "version") ?? "0.0.0", stringAt(json, "license"));
  }
  throw new Failure(`${name} is a dependency and is not installed.`);
}
