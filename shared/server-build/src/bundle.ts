import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { BuildOptions, Metafile } from "esbuild";
import { type Compiled, compile } from "./esbuild.ts";
import { Failure } from "./failure.ts";
import { lazyBuiltins } from "./lazy-builtins.ts";
import { lazyFile, lazyPackages } from "./lazy-packages.ts";
import { collectLicences, renderLicences } from "./licences.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { renderSbom } from "./sbom.ts";
import { lazySchemas } from "./sdk/lazy-schemas.ts";
import { lazyValidator } from "./sdk/lazy-validator.ts";
import { replaceFolder, STAGING_PREFIX } from "./staging.ts";
import { compileViews } from "./views/views.ts";

const WORKER = /\.worker\.ts$/;
const LICENCES_FILE = "THIRD_PARTY_LICENSES.txt";
const SBOM_FILE = "sbom.cdx.json";
/**
 * The file that `bin` runs. On Node 22 and later, it turns on the cache for compiled code before the code loads. The
 * cache is in the package's own folder: in Node's default, the shared folder for temporary files, another user of the
 * machine could put code there first. If the folder is not writable, nothing is cached.
 */
const CLI = `#!/usr/bin/env node
import module from "node:module";
module.enableCompileCache?.(\`\${import.meta.dirname}/../node_modules/.cache/compiled\`);
await import("./server.js");
`;
const MINIFIED: BuildOptions = { minify: true, legalComments: "none" };
const LAZY_PACKAGE: BuildOptions = { ...MINIFIED, format: "cjs" };
const REQUIRE_BANNER =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

export interface Bundle {
  /** esbuild's metafile; its paths are relative to the server's folder. */
  readonly metafile: Metafile;
  readonly warnings: readonly string[];
}

/**
 * Bundles the server in `folder` into dist/: an executable cli.js, which starts server.js, the chunks loaded on first
 * use, a `name.worker.js` for every `name.worker.ts` in src, a `name.html` for every `name.view.html`, the licences of
 * everything inside, and a bill of materials. dist is replaced as a whole at the end, so that a failed build leaves the
 * last good one in place.
 *
 * All files of a bundle are in one folder, so its code starts a thread with `new Worker(new URL("./name.worker.js",
 * import.meta.url))`.
 * @throws Failure when the code does not build, two workers share a name, or a licence is not allowed
 */
export async function bundle(folder: string): Promise<Bundle> {
  const manifest = await readManifest(folder);
  const { outputFiles, metafile, warnings } = await compileServer(folder, manifest);
  const views = await compileViews(folder);
  for (const view of views) {
    Object.assign(metafile.inputs, view.metafile.inputs);
    Object.assign(metafile.outputs, view.metafile.outputs);
  }
  const licences = await collectLicences(folder, metafile);
  const sbom = await renderSbom(folder, manifest, licences.packages);
  const staging = await mkdtemp(path.join(folder, STAGING_PREFIX));
  try {
    const staged = path.join(staging, "dist");
    for (const { path: file, contents } of outputFiles) {
      const target = path.join(staged, path.relative(path.join(folder, "dist"), file));
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, contents);
    }
    for (const { name, html } of views) await writeFile(path.join(staged, name), html);
    await writeFile(path.join(staged, "cli.js"), CLI);
    await chmod(path.join(staged, "cli.js"), 0o755);
    await writeFile(path.join(staged, LICENCES_FILE), renderLicences(licences.packages));
    await writeFile(path.join(staged, SBOM_FILE), sbom);
    await replaceFolder(path.join(folder, "dist"), staged);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return { metafile, warnings: [...warnings, ...licences.warnings] };
}

async function compileServer(folder: string, { external, onFirstUse }: Manifest): Promise<Compiled> {
  const options: BuildOptions = {
    entryPoints: { server: "src/cli.ts", ...(await findWorkers(folder)) },
    outdir: "dist",
    splitting: true,
    ...MINIFIED,
    external: [...external],
    plugins: [lazyBuiltins, lazyValidator, lazySchemas, lazyPackages(onFirstUse)],
  };
  const bundled = await compileModules(folder, options);
  for (const name of onFirstUse) {
    const file = path.join("dist", lazyFile(name));
    const { outputFiles, metafile } = await compile(folder, { ...LAZY_PACKAGE, entryPoints: [name], outfile: file });
    bundled.outputFiles.push(...outputFiles);
    Object.assign(bundled.metafile.inputs, metafile.inputs);
    Object.assign(bundled.metafile.outputs, metafile.outputs);
  }
  return bundled;
}

/** Compiles modules without writing them, and provides `require` for bundled CommonJS code. */
export async function compileModules(folder: string, options: BuildOptions): Promise<Compiled> {
  const plain = await compile(folder, options);
  // Bundled CommonJS code calls require() for Node's own modules, which does not exist in ES modules.
  const needsRequire = plain.outputFiles.some(({ text }) => text.includes("Dynamic require of"));
  return needsRequire ? compile(folder, { ...options, banner: { js: REQUIRE_BANNER } }) : plain;
}

/** Entry points of threads, by their names in dist. A thread needs its own file, so a chunk will not do. */
export async function findWorkers(folder: string): Promise<Record<string, string>> {
  const workers: Record<string, string> = {};
  const files = await readdir(path.join(folder, "src"), { recursive: true });
  for (const file of files.filter((name) => WORKER.test(name)).sort()) {
    const name = path.basename(file, ".ts");
    if (workers[name]) throw new Failure(`Two workers are named ${name}.ts: they become one file in dist.`);
    workers[name] = path.posix.join("src", file.split(path.sep).join("/"));
  }
  return workers;
}
