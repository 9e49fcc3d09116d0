import type { OptionDescription } from "../describe.ts";
import { askedOptions, formText, type Listing } from "./listing.ts";

/** A field of the form that a host shows before it starts the server. */
export interface UserField {
  readonly type: "string" | "number" | "boolean" | "directory";
  readonly title: string;
  readonly description: string;
  readonly default?: string | number | boolean | readonly string[];
  readonly required?: boolean;
  readonly multiple?: boolean;
  readonly sensitive?: boolean;
  readonly min?: number;
  readonly max?: number;
}

/** An MCPB manifest of version 0.3, as far as we write it. */
export interface McpbManifest {
  readonly manifest_version: "0.3";
  readonly name: string;
  readonly display_name: string;
  readonly version: string;
  readonly description: string;
  readonly author: { readonly name: string; readonly url: string };
  readonly repository: { readonly type: "git"; readonly url: string };
  readonly homepage: string;
  readonly documentation: string;
  readonly support: string;
  readonly icon: string;
  readonly server: {
    readonly type: "node";
    readonly entry_point: string;
    readonly mcp_config: {
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    };
  };
  readonly tools: readonly { readonly name: string; readonly description: string }[];
  readonly keywords: readonly string[];
  readonly license: string;
  readonly privacy_policies?: readonly string[];
  readonly compatibility: { readonly platforms: readonly string[]; readonly runtimes: { readonly node: string } };
  readonly user_config?: Readonly<Record<string, UserField>>;
}

const ENTRY = "dist/cli.js";

/** The server's manifest.json, which makes its package a bundle that Claude Desktop and others install with a click. */
export function mcpbManifest(listing: Listing): McpbManifest {
  const { repository, privacyPolicies } = listing;
  const asked = askedOptions(listing);
  const spread = asked.filter(isSpread).map(({ name }) => placeOf(name));
  const variables = asked.filter((option) => !isSpread(option)).map(({ env = "", name }) => [env, placeOf(name)]);
  const fields = asked.map((option) => [snakeCase(option.name), toField(option)]);
  return {
    manifest_version: "0.3",
    name: listing.registryName.replace(/^.*\//, ""),
    display_name: listing.title,
    version: listing.version,
    description: listing.description,
    author: { name: repository.owner, url: new URL(`/${repository.owner}`, repository.url).href },
    repository: { type: "git", url: repository.url },
    homepage: listing.homepage,
    documentation: listing.homepage,
    support: `${repository.url}/issues`,
    icon: "icon.png",
    server: {
      type: "node",
      entry_point: ENTRY,
      mcp_config: {
        command: "node",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the host fills it in.
        args: ["${__dirname}/dist/cli.js", ...spread],
        env: Object.fromEntries(variables),
      },
    },
    tools: listing.tools,
    keywords: listing.keywords,
    license: listing.licence,
    ...(privacyPolicies.length > 0 && { privacy_policies: privacyPolicies }),
    compatibility: { platforms: ["darwin", "win32", "linux"], runtimes: { node: ">=20.0.0" } },
    ...(fields.length > 0 && { user_config: Object.fromEntries(fields) }),
  };
}

const placeOf = (name: string) => `\${user_config.${snakeCase(name)}}`;
const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const titleOf = (name: string) => {
  const words = snakeCase(name).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function toField(option: OptionDescription): UserField {
  const { name, title = titleOf(name), description, secret, required = false, type, default: preset } = option;
  const about = { title, description: formText(option), required, ...(secret && { sensitive: true }) };
  if (isSpread(option)) {
    const list = { ...about, description, multiple: true };
    return { type: fileType(option), ...list, ...(!required && { default: [] }) };
  }
  if (type === "boolean") return { type, ...about, default: preset === "true" };
  if (type === "number" && preset !== undefined) {
    const { min, max } = option;
    return {
      type,
      ...about,
      default: Number(preset),
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
    };
  }
  // A variable without a default would reach the server as its own placeholder; an empty one counts as not given.
  return { type: fileType(option), ...about, ...(!required && { default: preset ?? "" }) };
}

/** Hosts can spread a list only over several arguments, not in a variable or after a flag. */
const isSpread = ({ positional, many }: OptionDescription) => positional === true && many !== undefined;
const fileType = ({ type }: OptionDescription) => (type === "directory" ? "directory" : "string");
