import type { RegistryArgument, RegistryEntry, RegistryPackage } from "./registry-entry.ts";

/** The registry's checks beyond its schema, so that a release fails before it is published. */
export function brokenRules(entry: RegistryEntry): string[] {
  const { name, description, title, version, websiteUrl, repository, icons, packages } = entry;
  const [namespace = "", own = "", ...more] = name.split("/");
  const subfolders = repository.subfolder?.split("/") ?? [];
  const rules: [kept: boolean, rule: string][] = [
    [more.length === 0 && NAMESPACE.test(namespace) && OWN_NAME.test(own), `name: "${name}" is not namespace/name`],
    [length(name, 3, 200), "name: 3 to 200 characters"],
    [length(description, 1, 100), `description: 1 to 100 characters, and has ${description.length}`],
    [length(title, 1, 100) && title.trim() !== "", "title: 1 to 100 characters, not only blanks"],
    [isVersion(version), `version: "${version}" is a range or too long`],
    [isHttps(websiteUrl), "websiteUrl: an https address"],
    [REPOSITORY[repository.source]?.test(repository.url) ?? false, "repository: the root of a repository"],
    [subfolders.every((part) => /^(?!\.{1,2}$)[\w.-]+$/.test(part)), "repository.subfolder: a plain relative path"],
    [icons.every(({ src }) => isHttps(src) && src.length <= 255), "icons: https addresses of at most 255 characters"],
    ...packages.flatMap((one, index) =>
      packageRules(one).map(([kept, rule]): [boolean, string] => [kept, `packages[${index}] ${rule}`]),
    ),
  ];
  return rules.filter(([kept]) => !kept).map(([, rule]) => rule);
}

function packageRules(one: RegistryPackage): [boolean, string][] {
  const { registryType, identifier, version, transport, fileSha256 = "" } = one;
  const { packageArguments = [], runtimeArguments = [], environmentVariables = [] } = one;
  const named = [...packageArguments, ...runtimeArguments].filter((argument) => argument.type === "named");
  const known = new Set([...named, ...environmentVariables].map((input) => input.name));
  const used = [...(transport.url ?? "").matchAll(/\{([^}]*)\}/g)].map(([, variable = ""]) => variable);
  return [
    [!/\s/.test(identifier), "identifier: no blanks"],
    [version === undefined || isVersion(version), `version: "${version}" is a range`],
    [
      (registryType === "npm") === (version !== undefined),
      "version: npm needs one, images and bundles name it themselves",
    ],
    [(transport.type === "stdio") === (transport.url === undefined), "transport: a url over HTTP, none over stdio"],
    [used.every((variable) => known.has(variable)), "transport.url: its variables are arguments or environment names"],
    [named.every(isPlainFlag), "arguments: a flag's name without its value"],
    [
      registryType !== "oci" || IMAGE.test(identifier),
      "identifier: an image of a registry that is allowed, with its tag",
    ],
    [registryType !== "mcpb" || BUNDLE.test(identifier), "identifier: a bundle in a release"],
    [registryType !== "mcpb" || /^[a-f0-9]{64}$/.test(fileSha256), "fileSha256: a bundle needs it"],
  ];
}

const NAMESPACE = /^[a-zA-Z0-9][a-zA-Z0-9.-]*[a-zA-Z0-9]$/;
const OWN_NAME = /^[a-zA-Z0-9][\w.-]*[a-zA-Z0-9]$/;
const REPOSITORY: Readonly<Record<string, RegExp>> = {
  github: /^https?:\/\/(?:www\.)?github\.com\/[\w.-]+\/[\w.-]+\/?$/,
  gitlab: /^https?:\/\/(?:www\.)?gitlab\.com\/[\w.-]+\/[\w.-]+\/?$/,
};
const IMAGE =
  /^(?:docker\.io|ghcr\.io|quay\.io|[\w.-]+\.pkg\.dev|[\w.-]+\.azurecr\.io|mcr\.microsoft\.com)\/[\w./-]+:[\w.-]+$/;
const BUNDLE = /^https:\/\/(?:github|gitlab)\.com\/(?=.*mcp).*\/releases\//;

const length = (text: string, least: number, most: number) => text.length >= least && text.length <= most;
const isHttps = (text: string) => URL.canParse(text) && new URL(text).protocol === "https:";
const isVersion = (text: string) =>
  text.length <= 255 && text !== "latest" && /^[^\s^~<>=|*]+$/.test(text) && !/(?:^|\.)x(?:\.|$)/i.test(text);

function isPlainFlag(argument: RegistryArgument & { type: "named" }): boolean {
  const { name, value = "", default: preset = "" } = argument;
  return !/[<\s$]/.test(name) && !value.startsWith(name) && !preset.startsWith(name);
}
