import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { Client } from "@modelcontextprotocol/client";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readServers } from "../lib/repository.ts";
import { bundleMcpb, HERE } from "../mcpb/bundle.ts";
import { temporaryFolder } from "./repository.ts";

interface Manifest {
  readonly icon: string;
  readonly server: { readonly mcp_config: { readonly args: string[]; readonly env: Record<string, string> } };
  readonly tools: { readonly name: string; readonly description: string }[];
  readonly user_config?: Record<string, { readonly default?: unknown; readonly required?: boolean }>;
}

const servers = await readServers();

/** Unpacks a bundle as a host does. */
async function unpack(bundle: string, target: string): Promise<Manifest> {
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(bundle)))) {
    const file = path.join(target, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return JSON.parse(await readFile(path.join(target, "manifest.json"), "utf8"));
}

/** The manifest's command, with the form's defaults or the values that a person filled in. */
function startOf({ server, user_config = {} }: Manifest, folder: string, home: string, given: Record<string, unknown>) {
  const values = Object.entries(user_config).map(([name, field]) => [name, given[name] ?? field.default] as const);
  const texts = new Map<string, unknown>([
    ["__dirname", folder],
    ["HOME", home],
  ]);
  for (const [name, value] of values) texts.set(`user_config.${name}`, value);
  // Filled in once, as hosts do: a placeholder inside a default stays unchanged.
  const fill = (text: string) => text.replace(/\$\{([^}]+)\}/g, (place, name) => String(texts.get(name) ?? place));
  const { args, env } = server.mcp_config;
  const words = args.flatMap((arg) => {
    const list = texts.get(/^\$\{(user_config\.\w+)\}$/.exec(arg)?.[1] ?? "");
    return Array.isArray(list) ? list.map(String) : [fill(arg)];
  });
  return { args: words, env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, fill(text)])) };
}

describe.each(servers.map((server) => [server.json.name, server] as const))("the bundle of %s", (_, server) => {
  test("runs in an empty folder, with its form's defaults, and has the tools that it lists", async () => {
    const [bundles, folder, home] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    const manifest = await unpack(await bundleMcpb(server, bundles, [HERE]), folder);
    expect((await readFile(path.join(folder, manifest.icon))).subarray(1, 4).toString()).toBe("PNG");

    // Required fields have no default. A wrong value is only reported when the server uses it.
    const must = Object.entries(manifest.user_config ?? {}).filter(([, { required }]) => required === true);
    const given = Object.fromEntries(must.map(([name]) => [name, "x"]));
    const { args, env } = startOf(manifest, folder, home, given);
    expect(
      [...args, ...Object.values(env)].filter((text) => text.includes("${")),
      "left to fill in",
    ).toEqual([]);
    const client = new Client({ name: "bundle-test", version: "1.0.0" });
    const environment = { ...getDefaultEnvironment(), HOME: home, USERPROFILE: home, ...env };
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env: environment, cwd: home }));
    try {
      expect(client.getServerVersion()).toMatchObject({
        name: path.basename(server.folder),
        version: server.json.version,
      });
      const { tools } = await client.listTools();
      expect(manifest.tools).toEqual(tools.map(({ name, description }) => ({ name, description })));
      for (const { name } of tools) {
        const answer = await client.callTool({ name, arguments: { no_such_argument: true } });
        expect(JSON.stringify(answer.content)).toContain("unknown argument");
      }
    } finally {
      await client.close();
    }
  });
});

test("a bundle that is made again is identical", async () => {
  const [server] = servers;
  if (!server) throw new Error("there is no server");
  const [one, other] = [await temporaryFolder(), await temporaryFolder()];
  const [first, second] = [await bundleMcpb(server, one, []), await bundleMcpb(server, other, [])];
  expect((await readFile(first)).equals(await readFile(second))).toBe(true);
});
