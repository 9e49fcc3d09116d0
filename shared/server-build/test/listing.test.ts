import { describe, expect, test } from "vitest";
import { askedOptions, toListing } from "../src/listing/listing.ts";
import { mcpbManifest } from "../src/listing/mcpb-manifest.ts";
import { checked, registryEntry } from "../src/listing/registry.ts";
import type { RegistryEntry } from "../src/listing/registry-entry.ts";
import { BARE, LISTING, PACKAGE } from "./sample-listing.ts";
import { SAMPLE } from "./server.ts";

describe("package.json", () => {
  test.each(["mcpName", "version", "description", "homepage", "license", "icons", "repository"] as const)(
    "without %s is refused by name",
    (key) => {
      const { [key]: _, ...lacking } = PACKAGE;
      expect(() => toListing(lacking, { network: false }, SAMPLE)).toThrow(`package.json needs ${key}`);
    },
  );

  test("must say whether the server uses the network, and have a PNG first", () => {
    expect(() => toListing(PACKAGE, {}, SAMPLE)).toThrow("needs network");
    const svgOnly = { ...PACKAGE, icons: PACKAGE.icons.slice(1) };
    expect(() => toListing(svgOnly, { network: false }, SAMPLE)).toThrow("the first of them a PNG");
  });

  test("has the keywords that say what a server is about", () => {
    expect(LISTING.keywords).toEqual(["items"]);
    expect(LISTING.repository).toEqual({
      url: "https://github.com/acme/servers",
      source: "github",
      owner: "acme",
      subfolder: "packages/server-sample",
    });
  });
});

test("a person is asked for the server's own options and whether it may write, not for how a process serves", () => {
  const names = ["dirs", "databaseUrl", "home", "most", "mode", "denied", "readOnly"];
  expect(askedOptions(LISTING).map(({ name }) => name)).toEqual(names);
});

describe("server.json", () => {
  const entry = registryEntry(LISTING);

  test("says who the server is", () => {
    expect(entry).toMatchObject({
      $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
      name: PACKAGE.mcpName,
      title: "Sample",
      description: PACKAGE.description,
      version: PACKAGE.version,
      websiteUrl: PACKAGE.homepage,
      repository: { url: "https://github.com/acme/servers", source: "github", subfolder: "packages/server-sample" },
      icons: PACKAGE.icons,
    });
  });

  test("has the npm package over stdio and over HTTP, which asks for a port and a token", () => {
    const [stdio, http] = entry.packages;
    expect(stdio).toMatchObject({
      registryType: "npm",
      identifier: PACKAGE.name,
      version: PACKAGE.version,
      transport: { type: "stdio" },
    });
    expect(http?.transport).toEqual({ type: "streamable-http", url: "http://127.0.0.1:{--http}/mcp" });
    expect(http?.packageArguments).toMatchObject([{ name: "--http", default: "3000" }]);
    expect(http?.environmentVariables?.at(-1)).toMatchObject({ name: "MCP_HTTP_TOKEN", isSecret: true });
    expect(http?.environmentVariables?.slice(0, -1)).toEqual(stdio?.environmentVariables);
  });

  test("asks for options with their kind, default and choices, as texts", () => {
    expect(entry.packages[0]?.environmentVariables).toEqual([
      {
        name: "SAMPLE_DIRS",
        description: "Folders. Several are separated by colons (on Windows semicolons).",
        format: "filepath",
        placeholder: "~/My files & (more)",
      },
      {
        name: "SAMPLE_DATABASE_URL",
        description: "Where.",
        placeholder: 'postgresql://me:it\'s "$5"@localhost/db',
        isRequired: true,
        isSecret: true,
      },
      { name: "SAMPLE_HOME", description: "Home.", format: "filepath", default: "~/x" },
      { name: "SAMPLE_MOST", description: "Most.", format: "number", default: "5" },
      { name: "SAMPLE_MODE", description: "How.", choices: ["a", "b"] },
      { name: "SAMPLE_DENIED", description: "Not. Several are separated by colons (on Windows semicolons)." },
      { name: "MCP_SERVER_READ_ONLY", description: "Only read.", format: "boolean" },
    ]);
    expect(registryEntry(BARE).packages[0]).not.toHaveProperty("environmentVariables");
  });

  const npm = entry.packages[0];
  const hash = "a".repeat(64);
  const bundle = "https://github.com/acme/mcp-servers/releases/download/x/server.mcpb";
  const image = { registryType: "oci", identifier: "ghcr.io/acme/server-sample:1.2.3", transport: { type: "stdio" } };
  const other = (changes: object): RegistryEntry => ({ ...entry, packages: npm ? [{ ...npm, ...changes }] : [] });

  test("may also name a bundle and an image", () => {
    const mcpb = { registryType: "mcpb", identifier: bundle, fileSha256: hash, transport: { type: "stdio" } };
    const added = { ...entry, packages: [...entry.packages, mcpb, image] };
    expect(checked(added)).toBe(added);
  });

  test.each([
    [{ name: "acme" }, "name:"],
    [{ name: "a/b/c" }, "name:"],
    [{ name: "acme/x" }, "name:"],
    [{ name: "-acme/sample" }, "name:"],
    [{ description: "x".repeat(101) }, "description: 1 to 100 characters, and has 101"],
    [{ description: "" }, "description:"],
    [{ title: "  " }, "title:"],
    [{ version: "^1.2.3" }, "version:"],
    [{ version: "1.x" }, "version:"],
    [{ version: "1.2.*" }, "version:"],
    [{ version: "1 - 2" }, "version:"],
    [{ version: "latest" }, "version:"],
    [{ websiteUrl: "http://example.com" }, "websiteUrl:"],
    [{ icons: [{ src: "http://example.com/x.png", mimeType: "image/png", sizes: [] }] }, "icons:"],
    [{ repository: { url: "https://github.com/acme/servers/tree/main", source: "github" } }, "repository:"],
    [{ repository: { url: "https://example.com/a/b", source: "example" } }, "repository:"],
    [{ repository: { ...entry.repository, subfolder: "/packages" } }, "repository.subfolder:"],
    [{ repository: { ...entry.repository, subfolder: "a/../b" } }, "repository.subfolder:"],
  ])("with %j is refused before a release", (changes, rule) => {
    expect(() => checked({ ...entry, ...changes })).toThrow(rule);
  });

  test.each([
    [{ identifier: "a b" }, "identifier: no blanks"],
    [{ version: undefined }, "version:"],
    [{ version: ">=1" }, "version:"],
    [{ transport: { type: "stdio", url: "http://127.0.0.1/mcp" } }, "transport:"],
    [{ transport: { type: "streamable-http" } }, "transport:"],
    [{ transport: { type: "streamable-http", url: "http://127.0.0.1:{PORT}/mcp" } }, "transport.url:"],
    [{ packageArguments: [{ type: "named", name: "--x <y>" }] }, "arguments:"],
    [{ packageArguments: [{ type: "named", name: "--x", value: "--x=1" }] }, "arguments:"],
    [{ ...image, version: undefined, identifier: "example.com/acme/x:1" }, "identifier: an image"],
    [{ ...image, version: undefined, identifier: "ghcr.io/acme/x" }, "identifier: an image"],
    [{ registryType: "mcpb", version: undefined, identifier: bundle }, "fileSha256:"],
    [
      { registryType: "mcpb", version: undefined, identifier: "https://x.example/a.mcpb", fileSha256: hash },
      "a bundle",
    ],
  ])("with the package %j is refused before a release", (changes, rule) => {
    expect(() => checked(other(changes))).toThrow(rule);
  });
});

describe("manifest.json", () => {
  const manifest = mcpbManifest(LISTING);

  test("starts the bundle with the values that the host asks for", () => {
    expect(manifest).toMatchObject({
      manifest_version: "0.3",
      name: "server-sample",
      author: { name: "acme", url: "https://github.com/acme" },
      support: "https://github.com/acme/servers/issues",
      privacy_policies: ["https://example.com/privacy"],
      server: { type: "node", entry_point: "dist/cli.js" },
    });
    expect(manifest.server.mcp_config).toEqual({
      command: "node",
      // A list becomes several arguments; everything else is a variable, which may be empty.
      args: [`\${__dirname}/dist/cli.js`, `\${user_config.dirs}`],
      env: {
        SAMPLE_DATABASE_URL: `\${user_config.database_url}`,
        SAMPLE_HOME: `\${user_config.home}`,
        SAMPLE_MOST: `\${user_config.most}`,
        SAMPLE_MODE: `\${user_config.mode}`,
        SAMPLE_DENIED: `\${user_config.denied}`,
        MCP_SERVER_READ_ONLY: `\${user_config.read_only}`,
      },
    });
    expect(manifest.tools).toEqual(SAMPLE.tools.map(({ name, description }) => ({ name, description })));
  });

  test("asks in a form, in which every optional field has a default", () => {
    expect(manifest.user_config).toEqual({
      dirs: { type: "directory", title: "Dirs", description: "Folders.", required: false, multiple: true, default: [] },
      database_url: {
        type: "string",
        title: "Connection string",
        description: "Where.",
        required: true,
        sensitive: true,
      },
      home: { type: "directory", title: "Home", description: "Home.", required: false, default: "~/x" },
      most: { type: "number", title: "Most", description: "Most.", required: false, default: 5, min: 1 },
      mode: { type: "string", title: "Mode", description: "How. One of a, b.", required: false, default: "" },
      denied: {
        type: "string",
        title: "Denied",
        description: "Not. Several are separated by colons (on Windows semicolons).",
        required: false,
        default: "",
      },
      read_only: { type: "boolean", title: "Read only", description: "Only read.", required: false, default: false },
    });
    for (const [name, field] of Object.entries(manifest.user_config ?? {})) {
      expect(field.required === true || field.default !== undefined, name).toBe(true);
    }
    expect(mcpbManifest(BARE)).not.toHaveProperty("user_config");
    expect(mcpbManifest(BARE)).not.toHaveProperty("privacy_policies");
  });
});
