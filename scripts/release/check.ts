import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { readListed } from "../lib/listed.ts";
import { pack } from "../lib/npm.ts";
import { type Package, ROOT, readPackages } from "../lib/repository.ts";
import { sampleArguments } from "../lib/samples.ts";
import { bundleMcpb } from "../mcpb/bundle.ts";
import { contentProblems } from "./contents.ts";
import { releaseEntry } from "./entry.ts";
import { imageProblems } from "./images.ts";
import { installAlone, installNode, LINES, serverProblems } from "./runtimes.ts";
import { installedSbom } from "./sbom.ts";
import { versionProblems } from "./versions.ts";

/**
 * `pnpm release:check`: everything that a release does, except publishing. Packs each package, checks its contents,
 * installs it alone into an empty folder from an empty cache, starts it on every Node.js that it supports, makes the
 * bundles, the registry's entries and the bills of materials, and lets changesets raise the versions in a clone. The
 * results stay in .release.
 */
const run = promisify(execFile);
const target = path.join(ROOT, ".release");
const base = await mkdtemp(path.join(tmpdir(), "release-check-"));
let failed = 0;

/** Runs one check, prints the result, and continues. */
async function check(title: string, work: () => Promise<readonly string[]>): Promise<void> {
  const began = performance.now();
  const problems = await work().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${problems.length === 0 ? "passed" : "FAILED"}  ${title} (${seconds} s)\n`);
  for (const problem of problems) process.stdout.write(`        ${problem.replaceAll("\n", "\n        ")}\n`);
  if (problems.length > 0) failed += 1;
}

/** Runs a linter that prints its findings. */
async function lint(...command: readonly string[]): Promise<string[]> {
  const bin = path.join(import.meta.dirname, "../node_modules/.bin", command[0] ?? "");
  return run(bin, command.slice(1)).then(
    () => [],
    (error: Error & { stdout?: string }) => [error.stdout?.trim() || error.message],
  );
}

const packages = (await readPackages()).filter(({ json }) => !json.private);
const isServer = ({ folder }: Package) => folder.startsWith("packages/");
const tarballs = new Map<string, string>();
const nodes = new Map<number, string>();
await rm(target, { recursive: true, force: true });
await mkdir(path.join(target, "sbom"), { recursive: true });

try {
  for (const one of packages) {
    await check(`${one.json.name}: contents, size, licences`, async () => {
      const packed = await pack(path.join(ROOT, one.folder), base);
      tarballs.set(one.json.name, packed.file);
      return contentProblems(one, packed);
    });
    await check(`${one.json.name}: publint`, () => lint("publint", "--strict", tarballs.get(one.json.name) ?? ""));
    const hasTypes = JSON.stringify(one.json.exports ?? {}).includes('"types"');
    if (hasTypes) {
      const options = ["--profile", "esm-only", "--no-emoji", "--exclude-entrypoints", "tsconfig.json"];
      await check(`${one.json.name}: types`, () => lint("attw", tarballs.get(one.json.name) ?? "", ...options));
    }
  }
  for (const line of LINES) {
    await check(`Node.js ${line} is there`, async () => {
      nodes.set(line, await installNode(line, base));
      return [];
    });
  }
  for (const one of packages) await check(`${one.json.name}: alone, on Node.js ${LINES.join(", ")}`, () => alone(one));
  await check("registry entries with bundles and images, lists of materials", listings);
  const clone = path.join(base, "images");
  await run("git", ["clone", "--quiet", "--shared", ROOT, clone]);
  for (const server of await readListed()) {
    await check(`${server.package}: what its image has`, () =>
      imageProblems(server, clone, path.join(base, `app-${server.key}`)),
    );
  }
  await check("versions and notes by changesets, in a clone", () => versionProblems(path.join(base, "clone")));
} finally {
  await rm(base, { recursive: true, force: true, maxRetries: 5 });
}
process.stdout.write(failed === 0 ? "ready to release\n" : `${failed} checks failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Installs a package alone, and uses it as its users do, on each Node.js. */
async function alone(one: Package): Promise<string[]> {
  const { name, version = "" } = one.json;
  const folder = path.join(base, path.basename(one.folder));
  const tarball = tarballs.get(name) ?? "";
  const peers = Object.entries(one.json.peerDependencies ?? {}).map(([peer, range]) => `${peer}@${range}`);
  await installAlone(tarball, peers, folder);
  const problems: string[] = [];
  for (const [line, node] of nodes) {
    const found = isServer(one)
      ? await serverProblems(
          node,
          path.join(folder, "node_modules", name, "dist/cli.js"),
          await sampleArguments(name, folder),
          version,
        )
      : await libraryProblems(node, one, folder);
    problems.push(...found.map((problem) => `Node.js ${line}: ${problem}`));
  }
  if (!isServer(one)) {
    await writeFile(
      path.join(target, "sbom", `${path.basename(one.folder)}.cdx.json`),
      await installedSbom(folder, name),
    );
  }
  return problems;
}

/** Imports each entry of a library and runs each of its commands. */
async function libraryProblems(node: string, { json }: Package, folder: string): Promise<string[]> {
  const entries = Object.keys(json.exports ?? {}).filter((entry) => !entry.endsWith(".json"));
  const names = entries.map((entry) => path.posix.join(json.name, entry));
  const script = names.map((name) => `await import(${JSON.stringify(name)});`).join("");
  const commands = Object.values(json.bin ?? {}).map((bin) => path.join(folder, "node_modules", json.name, bin));
  const problems: string[] = [];
  for (const args of [["--input-type=module", "--eval", script], ...commands.map((bin) => [bin, "--version"])]) {
    await run(node, args, { cwd: folder }).catch((error: Error) => problems.push(error.message));
  }
  return problems;
}

/** Makes the release's attachments and the registry's entries, checked against the registry's rules. */
async function listings(): Promise<string[]> {
  for (const server of await readListed()) {
    const one = packages.find(({ folder }) => folder === server.folder);
    if (!one) return [`${server.folder} is private and has a listing`];
    const bundle = await bundleMcpb(one, path.join(target, "mcpb"));
    const bundleSha256 = createHash("sha256")
      .update(await readFile(bundle))
      .digest("hex");
    const entry = releaseEntry(server, { bundleSha256, hasImage: true });
    await mkdir(path.join(target, "registry"), { recursive: true });
    await writeFile(path.join(target, "registry", `${server.command}.json`), `${JSON.stringify(entry, null, 2)}\n`);
    const sbom = await readFile(path.join(ROOT, server.folder, "dist/sbom.cdx.json"));
    await writeFile(path.join(target, "sbom", `${server.command}.cdx.json`), sbom);
  }
  return [];
}
