import { execFileSync, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { projectFiles } from "./identity/files.ts";

/**
 * Publishes every package whose version npm does not have, what others need first. With plain `npm publish`:
 * ranges are plain in this repository, and npm itself proves to the registry who it is.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const manifests = (await projectFiles(ROOT)).filter((file) => /^(?:shared|packages)\/[^/]+\/package\.json$/.test(file));
const sharedFirst = manifests.sort((a, b) => Number(b.startsWith("shared/")) - Number(a.startsWith("shared/")));

for (const manifest of sharedFirst) {
  const { name, version, private: hidden } = JSON.parse(await readFile(path.join(ROOT, manifest), "utf8"));
  if (hidden || isPublished(name, version)) continue;
  process.stdout.write(`publishing ${name} ${version}\n`);
  execFileSync("npm", ["publish"], { cwd: path.join(ROOT, path.dirname(manifest)), stdio: "inherit" });
}

/** Asks the registry. Anything but a clear answer is an error: a version is never taken for missing by mistake. */
function isPublished(name: string, version: string): boolean {
  const { status, stdout } = spawnSync("npm", ["view", `${name}@${version}`, "version", "--json"], {
    encoding: "utf8",
  });
  const answer: unknown = stdout.trim() === "" ? "" : JSON.parse(stdout);
  if (answer === version) return true;
  // npm answers nothing when the package has other versions, and E404 when it is not known at all.
  if ((status === 0 && answer === "") || JSON.stringify(answer).includes('"E404"')) return false;
  throw new Error(`npm does not say whether ${name} ${version} is published: ${stdout}`);
}
