import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { BuildOptions, Metafile } from "esbuild";
import { type Compiled, compile } from "./esbuild.ts";
import { lazyValidator } from "./lazy-validator.ts";
import { collectLicences, renderLicences } from "./licences.ts";
import { readManifest } from "./manifest.ts";
import { replaceFolder, STAGING_PREFIX } from "./staging.ts";

const LICENCES_FILE = "THIRD_PARTY_LICENSES.txt";
const REQUIRE_BANNER =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

export interface Bundle {
  /** esbuild's account of inputs and outputs; its paths are relative to the server's folder. */
  readonly metafile: Metafile;
  readonly warnings: readonly string[];
}

/**
 * Bundles the server in `folder` into dist/: an executable cli.js, the chunks that it loads on first use, and
 * the licences of everything inside. dist is replaced as a whole once all of it is there, so that a build
 * that fails leaves the last good one in place.
 * @throws Failure when the code does not build or a licence is not allowed
 */
export async function bundle(folder: string): Promise<Bundle> {
  const { external } = await readManifest(folder);
  const { outputFiles, metafile, warnings } = await compileServer(folder, external);
  const licences = await collectLicences(folder, metafile);
  const staging = await mkdtemp(path.join(folder, STAGING_PREFIX));
  try {
    const staged = path.join(staging, "dist");
    for (const { path: file, contents } of outputFiles) {
      const target = path.join(staged, path.relative(path.join(folder, "dist"), file));
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, contents);
    }
    await makeExecutable(path.join(staged, "cli.js"));
    await writeFile(path.join(staged, LICENCES_FILE), renderLicences(licences.packages));
    await replaceFolder(path.join(folder, "dist"), staged);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return { metafile, warnings: [...warnings, ...licences.warnings] };
}

async function compileServer(folder: string, external: readonly string[]): Promise<Compiled> {
  const options: BuildOptions = {
    entryPoints: { cli: "src/cli.ts" },
    outdir: "dist",
    splitting: true,
    minify: true,
    legalComments: "none",
    external: [...external],
    plugins: [lazyValidator],
  };
  const plain = await compile(folder, options);
  // CommonJS code that was bundled calls require() for Node's own modules, which ES modules do not have.
  const needsRequire = plain.outputFiles.some(({ text }) => text.includes("Dynamic require of"));
  return needsRequire ? compile(folder, { ...options, banner: { js: REQUIRE_BANNER } }) : plain;
}

async function makeExecutable(file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(file, text.startsWith("#!") ? text : `#!/usr/bin/env node\n${text}`);
  await chmod(file, 0o755);
}
