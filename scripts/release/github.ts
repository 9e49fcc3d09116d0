import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { ROOT, readPackages } from "../lib/repository.ts";
import { bundleMcpb } from "../mcpb/bundle.ts";
import { tagOf } from "./entry.ts";
import { notesOf } from "./notes.ts";
import { readPublished } from "./published.ts";

/**
 * Makes a release on GitHub for each published package, with notes from its changelog; a server's has its bundle and its
 * bill of materials attached. Runs in a job of release.yml, where `gh` is signed in.
 */
const packages = await readPackages();
const { GITHUB_SHA } = process.env;

for (const { name, version, folder } of readPublished()) {
  const changelog = await readFile(path.join(ROOT, folder, "CHANGELOG.md"), "utf8").catch(() => "");
  const files: string[] = [];
  const found = packages.find((one) => one.folder === folder);
  if (found && existsSync(path.join(ROOT, folder, "manifest.json"))) {
    const target = await mkdtemp(path.join(tmpdir(), "release-"));
    await mkdir(target, { recursive: true });
    const sbom = path.join(target, `${path.basename(folder)}-${version}.cdx.json`);
    await copyFile(path.join(ROOT, folder, "dist/sbom.cdx.json"), sbom);
    files.push(await bundleMcpb(found, target), sbom);
  }
  const tag = tagOf(name, version);
  const notes = notesOf(changelog, version) ?? `${name} ${version}`;
  process.stdout.write(`release ${tag} with ${files.length} files\n`);
  const words = ["--title", `${name} ${version}`, "--notes", notes, ...(GITHUB_SHA ? ["--target", GITHUB_SHA] : [])];
  execFileSync("gh", ["release", "create", tag, ...files, ...words], { stdio: "inherit" });
}
