import { build } from "esbuild";

/** The fixture servers as commands, for the tests that need a process. */
export default async function setup(): Promise<void> {
  await build({
    entryPoints: { everything: "test/fixtures/bin.ts", opening: "test/fixtures/opening.ts" },
    outdir: "dist/test",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
  });
}
