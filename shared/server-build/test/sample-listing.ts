import type { OptionDescription } from "../src/describe.ts";
import { type Listing, toListing } from "../src/listing/listing.ts";
import { SAMPLE } from "./server.ts";

const ADDRESS = "https://cdn.example.com/@acme/server-sample/icon";
/** What the package.json of a listed server has. */
export const PACKAGE = {
  name: "@acme/server-sample",
  version: "1.2.3",
  mcpName: "io.github.acme/server-sample",
  description: "Items, big and small.",
  license: "MIT",
  homepage: "https://github.com/acme/servers/tree/main/packages/server-sample#readme",
  keywords: ["mcp", "mcp-server", "items", "model-context-protocol"],
  icons: [
    { src: `${ADDRESS}.png`, mimeType: "image/png", sizes: ["512x512"] },
    { src: `${ADDRESS}.svg`, mimeType: "image/svg+xml", sizes: ["any"] },
  ],
  repository: { type: "git", url: "git+https://github.com/acme/servers.git", directory: "packages/server-sample" },
};

/** One option of each kind, with texts that a shell, a URL and JSON would each interpret differently. */
const OPTIONS: readonly OptionDescription[] = [
  {
    name: "dirs",
    flag: "[dirs…]",
    env: "SAMPLE_DIRS",
    description: "Folders.",
    common: false,
    type: "directory",
    positional: true,
    many: "each",
    example: "~/My files & (more)",
  },
  {
    name: "databaseUrl",
    flag: "--database-url <url>",
    env: "SAMPLE_DATABASE_URL",
    description: "Where.",
    common: false,
    type: "string",
    required: true,
    secret: true,
    title: "Connection string",
    example: 'postgresql://me:it\'s "$5"@localhost/db',
  },
  {
    name: "home",
    flag: "",
    env: "SAMPLE_HOME",
    description: "Home.",
    common: false,
    type: "directory",
    default: "~/x",
  },
  {
    name: "most",
    flag: "",
    env: "SAMPLE_MOST",
    description: "Most.",
    common: false,
    type: "number",
    default: "5",
    min: 1,
  },
  {
    name: "mode",
    flag: "",
    env: "SAMPLE_MODE",
    description: "How.",
    common: false,
    type: "choice",
    choices: ["a", "b"],
  },
  { name: "denied", flag: "", env: "SAMPLE_DENIED", description: "Not.", common: false, type: "string", many: "each" },
  { name: "readOnly", flag: "", env: "MCP_SERVER_READ_ONLY", description: "Only read.", common: true, type: "boolean" },
  {
    name: "timeout",
    flag: "",
    env: "MCP_SERVER_TIMEOUT",
    description: "When.",
    common: true,
    type: "duration",
    default: "30s",
  },
];

/** A listing with everything in it, for tests of what is generated from it. */
export const LISTING: Listing = toListing(
  PACKAGE,
  { network: true, privacyPolicies: ["https://example.com/privacy"] },
  { ...SAMPLE, options: OPTIONS },
);
/** The listing of a server that needs nothing. */
export const BARE: Listing = toListing(PACKAGE, { network: false }, { ...SAMPLE, options: [] });
