import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { HOSTS } from "@org/server-build/listing";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { CHECKED } from "../hosts/hosts.ts";
import { ROOT, readServers } from "../lib/repository.ts";
import { renderIcon } from "../listings/icon.ts";

// We may not redistribute the registry's schema. If it is present, the entries are checked against it.
const SCHEMA = process.env.MCP_REGISTRY_SCHEMA ?? path.join(ROOT, "../shared/registry/server.schema.json");
const hasSchema = existsSync(SCHEMA);
const withoutSchema = hasSchema ? "" : " (skipped: no server.schema.json; MCP_REGISTRY_SCHEMA says where it is)";

const servers = await readServers();

describe.each(servers.map(({ folder, json }) => [json.name, folder, json] as const))("%s", (name, folder, json) => {
  const read = (file: string) => readFile(path.join(ROOT, folder, file), "utf8");

  test("is listed: its package.json has a listing, its README how to install it", async () => {
    const { "server-build": build } = JSON.parse(await read("package.json"));
    expect(build?.listing, 'package.json needs "server-build": { "listing": { "network": … } }').toBeDefined();
    expect(await read("README.md")).toContain("<!-- generated: install -->");
  });

  test("has the same name in the registry and in npm, since the registry compares them", async () => {
    const entry = JSON.parse(await read("server.json"));
    expect([entry.name, entry.version]).toEqual([json.mcpName, json.version]);
    for (const { identifier, version } of entry.packages) expect([identifier, version]).toEqual([name, json.version]);
  });

  test.skipIf(!hasSchema)(`is valid by the registry's schema${withoutSchema}`, async () => {
    // The schema has OpenAPI keywords, which strict mode rejects.
    const ajv = new Ajv({ allErrors: true, strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(await readFile(SCHEMA, "utf8")));
    const entry = JSON.parse(await read("server.json"));
    validate(entry);
    expect(validate.errors).toBeNull();
    expect(validate({ ...entry, description: "x".repeat(101) })).toBe(false);
  });

  test("has its icon as SVG and as a PNG of it", async () => {
    const svg = await read("icon.svg");
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="512" height="512" viewBox="0 0 512 512">/,
    );
    expect(svg, "a host shows it in a page of its own: only shapes").not.toMatch(
      /<(?!\/|svg|title|rect|g|path|circle|ellipse)/,
    );
    const png = await readFile(path.join(ROOT, folder, "icon.png"));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([512, 512]);
    expect(png.equals(renderIcon(svg)), "run pnpm icons").toBe(true);
  });
});

test.each(CHECKED.map(({ name }) => name))(
  "%s, which pnpm hosts:check asks, has a command in the READMEs for each way",
  (name) => {
    const host = HOSTS.find((one) => one.name === name);
    const remote = { key: "time", title: "Time", url: "http://127.0.0.1:3000/mcp" };
    const launch = { ...remote, description: "", command: "npx", args: [], env: {}, secrets: [] };
    const ways = [host?.stdio(launch), host?.http(remote), host?.http({ ...remote, token: "your-token" })];
    for (const snippets of ways) expect(snippets?.map(({ language }) => language)).toEqual(["sh"]);
  },
);
