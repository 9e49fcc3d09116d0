import { build } from "esbuild";

/** The fixture server as a command, for the tests that need a process. */
export default async function setup(): Promise<void> {
  await build({
    entryPoints: ["test/fixtures/bin.ts"],
    outfile: "dist/test/everything.mjs",
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
  });
}
