import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { validate } from "dockerfile-utils";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { folderOption, neededVariables, readListed } from "../lib/listed.ts";
import { ROOT } from "../lib/repository.ts";
import { dockerCatalogEntry } from "../listings/catalogs.ts";
import { composeFile } from "../listings/compose.ts";
import { dockerfile } from "../listings/dockerfile.ts";
import { kubernetesManifest } from "../listings/kubernetes.ts";
import { listen } from "./listen.ts";

const servers = await readListed();
const read = (file: string) => readFile(path.join(ROOT, file), "utf8");
const dockerignore = await read(".dockerignore");

/** A Dockerfile's instructions: `["USER", "node"]`. */
function instructionsOf(text: string): [name: string, rest: string][] {
  const lines = text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]);
}

test("an image contains nothing that a clone does not have", () => {
  expect(dockerignore.split("\n")).toEqual(expect.arrayContaining(["**/node_modules", "**/dist", ".git", ".release"]));
});

describe.each(servers.map((server) => [server.command, server] as const))("the image of %s", (_, server) => {
  test("is a valid Dockerfile, for an unprivileged user and a read-only file system", async () => {
    const text = await read(`${server.folder}/Dockerfile`);
    expect(validate(text).map(({ message }) => message)).toEqual([]);
    const instructions = instructionsOf(text);
    const all = (name: string) => instructions.filter(([found]) => found === name).map(([, rest]) => rest);
    expect(all("FROM")).toEqual([
      expect.stringMatching(/^node:\d+-\w+-slim AS build$/),
      expect.stringMatching(/^node:\d+-\w+-slim$/),
    ]);
    expect(instructions.at(instructions.findIndex(([name]) => name === "USER"))).toEqual(["USER", "node"]);
    expect(all("ENV").join(" ")).toContain("NODE_DISABLE_COMPILE_CACHE=1");
    expect(JSON.parse(all("ENTRYPOINT")[0] ?? "")).toEqual(["node", "/app/dist/cli.js"]);
    const label = `io.modelcontextprotocol.server.name=${JSON.stringify(server.registryName)}`;
    expect(all("LABEL").join(" "), "the registry compares it with the entry").toContain(label);
    expect(all("VOLUME")).toEqual(folderOption(server) ? ["/data"] : []);
  });

  test("is healthy when the server answers, and only then", async () => {
    const [health = ""] = instructionsOf(await read(`${server.folder}/Dockerfile`))
      .filter(([name]) => name === "HEALTHCHECK")
      .map(([, rest]) => rest);
    const [, script = ""]: string[] = JSON.parse(health.slice(health.indexOf("["))).slice(1);
    const check = (at: string) => spawnSync(process.execPath, ["-e", script], { env: { MCP_SERVER_HTTP: at } }).status;
    expect(check("")).toBe(0);
    const bin = path.join(ROOT, server.folder, "dist/cli.js");
    const works = folderOption(server) ? [import.meta.dirname] : [];
    const url = await listen(bin, ["--http", "0.0.0.0:0", ...works], { MCP_HTTP_TOKEN: "a-token" });
    const { port } = new URL(url);
    expect(check(`0.0.0.0:${port}`)).toBe(0);
    expect(check("127.0.0.1:1")).toBe(1);
  });
});

describe("deploy/compose.yaml", async () => {
  const { services } = parse(await read("deploy/compose.yaml"));

  test.each(servers.map((server) => [server.command, server] as const))("serves %s to this machine", (name, server) => {
    const service = services[name];
    expect(service).toMatchObject({
      build: { context: "..", dockerfile: `${server.folder}/Dockerfile` },
      environment: {
        MCP_SERVER_HTTP: "0.0.0.0:3000",
        MCP_HTTP_TOKEN: expect.stringMatching(/^\$\{MCP_HTTP_TOKEN:\?.+\}$/),
      },
      read_only: true,
      tmpfs: ["/tmp"],
      cap_drop: ["ALL"],
    });
    expect(service.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+:3000$/)]);
    expect(service.volumes?.length ?? 0).toBe(folderOption(server) ? 1 : 0);
  });

  test("gives each server its own port, which adding servers does not change", () => {
    const ports = Object.values(services).flatMap((service) => Object(service).ports);
    expect(new Set(ports).size).toBe(servers.length);
    for (const server of servers) {
      const [alone] = Object.values(parse(composeFile([server])).services);
      expect(Object(alone).ports).toEqual(services[server.command].ports);
    }
  });
});

describe.each(servers.map((server) => [server.command, server] as const))(
  "deploy/kubernetes/%s.yaml",
  (name, server) => {
    test("runs the image behind a service, and everything it refers to exists", async () => {
      const documents = parseAllDocuments(await read(`deploy/kubernetes/${name}.yaml`));
      expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
      const [deployment, service] = documents.map((document) => document.toJS());
      const { replicas, selector, template } = deployment.spec;
      const [container] = template.spec.containers;
      expect([deployment.kind, service.kind]).toEqual(["Deployment", "Service"]);
      expect(template.metadata.labels).toEqual(selector.matchLabels);
      expect(service.spec.selector).toEqual(selector.matchLabels);
      expect(container.ports.map((port: { name: string }) => port.name)).toContain(service.spec.ports[0].targetPort);
      for (const probe of [container.readinessProbe, container.livenessProbe])
        expect(probe.httpGet.path).toBe("/healthz");
      const volumes = template.spec.volumes.map((volume: { name: string }) => volume.name);
      expect(container.volumeMounts.map((mount: { name: string }) => mount.name)).toEqual(volumes);
      expect(container.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(template.spec.securityContext.runAsNonRoot).toBe(true);
      const names = container.env.map((variable: { name: string }) => variable.name);
      expect(names).toEqual(
        expect.arrayContaining(["MCP_HTTP_TOKEN", ...neededVariables(server).map(({ env }) => env)]),
      );
      const writesFiles =
        folderOption(server) && server.described.tools.some(({ annotations }) => !annotations.readOnlyHint);
      expect(replicas).toBe(writesFiles ? 1 : 2);
    });
  },
);

describe.each(servers.map((server) => [server.command, server] as const))("catalogs show %s", (name, server) => {
  test("Smithery's command is npx with the package, and the form's values as variables", async () => {
    const { startCommand } = parse(await read(`${server.folder}/smithery.yaml`));
    const command = new Function(`return (${startCommand.commandFunction})`)();
    const { properties } = startCommand.configSchema;
    const filled = Object.fromEntries(Object.keys(properties).map((key) => [key, "x"]));
    expect(command({})).toEqual({ command: "npx", args: ["-y", `${server.package}@${server.version}`], env: {} });
    expect(Object.values(command(filled).env)).toEqual(Object.keys(properties).map(() => "x"));
    for (const key of Object.keys(startCommand.exampleConfig)) expect(properties).toHaveProperty(key);
  });

  test("Docker's entry names a commit, and each placeholder in it is a parameter or a secret", () => {
    expect(() => dockerCatalogEntry(server, "main")).toThrow("is not a commit's 40 digits");
    const text = dockerCatalogEntry(server, "0123456789".repeat(4));
    const entry = parse(text);
    expect(entry.name).toMatch(/^[a-z0-9-]+$/);
    expect(entry).toMatchObject({
      image: `mcp/${name}`,
      type: "server",
      source: { dockerfile: `${server.folder}/Dockerfile` },
    });
    expect(entry.about.title).toMatch(/^\p{Lu}/u);
    expect(entry.about.title).not.toMatch(/\b(?:MCP|Server)\b/i);
    const places = [...text.matchAll(/\{\{([\w-]+)\.(\w+)\}\}/g)];
    for (const [, owner, place = ""] of places) {
      expect(owner).toBe(name);
      expect(entry.config.parameters.properties).toHaveProperty(place);
    }
    expect(entry.run.disableNetwork).toBe(server.network ? undefined : true);
  });
});

test("a server's own needs reach its image, its pods and its catalog entry", () => {
  const [server] = servers;
  if (!server) throw new Error("there is no server");
  const url = {
    name: "url",
    flag: "--url <url>",
    env: "X_URL",
    description: "Where.",
    common: false,
    type: "string",
  } as const;
  const needy = {
    ...server,
    network: true,
    debian: ["git"],
    options: [{ ...url, required: true, secret: true, example: "x://y" } as const],
  };
  expect(validate(dockerfile(needy)).map(({ message }) => message)).toEqual([]);
  expect(dockerfile(needy)).toContain("apt-get install -y --no-install-recommends git &&");
  const [deployment] = parseAllDocuments(kubernetesManifest(needy)).map((document) => document.toJS());
  const secret = { name: "X_URL", valueFrom: { secretKeyRef: { name: server.command, key: "x-url" } } };
  expect(deployment.spec.template.spec.containers[0].env).toContainEqual(secret);
  const entry = parse(dockerCatalogEntry(needy, "0123456789".repeat(4)));
  expect(entry.config.secrets).toEqual([{ name: `${server.command}.url`, env: "X_URL", example: "x://y" }]);
  expect(parse(composeFile([needy])).services[server.command].environment.X_URL).toBe(`\${X_URL:?}`);
});
