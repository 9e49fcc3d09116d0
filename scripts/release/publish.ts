import { execFileSync, spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { ROOT, readPackages } from "../lib/repository.ts";
import { type Published, report } from "./published.ts";

/**
 * Publishes every package whose version npm does not have, dependencies first. Uses plain `npm publish`:
 * ranges are plain in this repository, and npm itself authenticates with the registry.
 */
const ours = (await readPackages()).filter(
  ({ json, folder }) => !json.private && /^(?:shared|packages)\//.test(folder),
);
const sharedFirst = ours.sort(
  (a, b) => Number(b.folder.startsWith("shared/")) - Number(a.folder.startsWith("shared/")),
);
const published: Published[] = [];

for (const { folder, json } of sharedFirst) {
  const { name, version = "" } = json;
  if (isPublished(name, version)) continue;
  process.stdout.write(`publishing ${name} ${version}\n`);
  execFileSync("npm", ["publish"], { cwd: path.join(ROOT, folder), stdio: "inherit" });
  published.push({ name, version, folder });
}
report(published);

/** Asks the registry. An unclear answer is an error, so that no version is considered missing by mistake. */
function isPublished(name: string, version: string): boolean {
  const { status, stdout } = spawnSync("npm", ["view", `${name}@${version}`, "version", "--json"], {
    encoding: "utf8",
  });
  const answer: unknown = stdout.trim() === "" ? "" : JSON.parse(stdout);
  if (answer === version) return true;
  // npm prints nothing if the package has only other versions, and E404 if it does not exist.
  if ((status === 0 && answer === "") || JSON.stringify(answer).includes('"E404"')) return false;
  throw new Error(`npm does not say whether ${name} ${version} is published: ${stdout}`);
}
