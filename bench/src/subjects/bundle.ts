import path from "node:path";
import { build } from "esbuild";
import { lazyBuiltins } from "../../../shared/server-build/src/lazy-builtins.ts";
import { lazySchemas } from "../../../shared/server-build/src/sdk/lazy-schemas.ts";
import { lazyValidator } from "../../../shared/server-build/src/sdk/lazy-validator.ts";

const FOLDER = path.resolve(import.meta.dirname, "../..");

/**
 * Bundles one of the compared servers as published servers are, each separately: servers
 * that shared chunks would load different code than they do alone.
 * @returns the file to start
 */
export async function bundle(name: "kit" | "sdk" | "one-tool" | "fifteen-tools"): Promise<string> {
  const outdir = path.join(FOLDER, "dist", name);
  await build({
    absWorkingDir: FOLDER,
    entryPoints: { cli: `src/servers/${name}.ts` },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    plugins: [lazyBuiltins, lazyValidator, lazySchemas],
  });
  return path.join(outdir, "cli.js");
}
