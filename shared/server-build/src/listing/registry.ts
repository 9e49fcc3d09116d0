import type { OptionDescription } from "../describe.ts";
import { Failure } from "../failure.ts";
import { askedOptions, formText, type Listing } from "./listing.ts";
import type { RegistryArgument, RegistryEntry, RegistryInput } from "./registry-entry.ts";
import { brokenRules } from "./registry-rules.ts";

const SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

const PORT: RegistryArgument = {
  type: "named",
  name: "--http",
  description: "Port on this machine.",
  format: "number",
  default: "3000",
};
const TOKEN: RegistryInput = {
  name: "MCP_HTTP_TOKEN",
  description: "Bearer token that every request must carry. Without one, only this machine is served.",
  isSecret: true,
};

/**
 * The server's server.json: the npm package, over stdio and over HTTP. All options are environment variables: hosts ask
 * for all of them, and an empty variable keeps the default, unlike an empty argument.
 * @throws Failure that says what the registry would refuse
 */
export function registryEntry(listing: Listing): RegistryEntry {
  const { repository, version } = listing;
  const npm = {
    registryType: "npm",
    identifier: listing.package,
    version,
    runtimeHint: "npx",
    runtimeArguments: [{ type: "positional", value: "-y" }],
  } as const;
  const variables = askedOptions(listing).map(toInput);
  const entry: RegistryEntry = {
    $schema: SCHEMA,
    name: listing.registryName,
    title: listing.title,
    description: listing.description,
    version,
    websiteUrl: listing.homepage,
    repository: {
      url: repository.url,
      source: repository.source,
      ...(repository.subfolder && { subfolder: repository.subfolder }),
    },
    icons: listing.icons,
    packages: [
      { ...npm, transport: { type: "stdio" }, ...(variables.length > 0 && { environmentVariables: variables }) },
      {
        ...npm,
        transport: { type: "streamable-http", url: "http://127.0.0.1:{--http}/mcp" },
        packageArguments: [PORT],
        environmentVariables: [...variables, TOKEN],
      },
    ],
  };
  return checked(entry);
}

/** @throws Failure that says what the registry would refuse */
export function checked(entry: RegistryEntry): RegistryEntry {
  const broken = brokenRules(entry);
  if (broken.length > 0) throw new Failure(`The MCP Registry would refuse server.json:\n${broken.join("\n")}`);
  return entry;
}

const FORMATS: Readonly<Record<string, RegistryInput["format"]>> = {
  number: "number",
  boolean: "boolean",
  directory: "filepath",
};

function toInput(option: OptionDescription): RegistryInput {
  const { env = "", type = "", default: preset, example, choices, required, secret } = option;
  const format = FORMATS[type];
  return {
    name: env,
    description: formText({ ...option, choices: undefined }),
    ...(format && { format }),
    ...(preset !== undefined && { default: preset }),
    ...(example !== undefined && { placeholder: example }),
    ...(choices && { choices }),
    ...(required && { isRequired: true }),
    ...(secret && { isSecret: true }),
  };
}
