import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { readListed } from "../lib/listed.ts";
import { bundleName, releaseEntry, tagOf } from "./entry.ts";
import { readPublished } from "./published.ts";

/**
 * Registers each published server in the MCP Registry: after npm, whose package the registry looks up, and after the
 * release, whose bundle the entry names. Runs in a job of release.yml, where `mcp-publisher` has signed in.
 * HAS_IMAGES=true once the images are pushed.
 */
const published = readPublished();
const hasImage = process.env.HAS_IMAGES === "true";

for (const server of await readListed()) {
  if (!published.some(({ name }) => name === server.package)) continue;
  const tag = tagOf(server.package, server.version);
  // Hashes the file that users get rather than a rebuilt one, since hosts compare that with this checksum.
  const response = await fetch(`${server.repository.url}/releases/download/${tag}/${bundleName(server)}`);
  if (!response.ok) throw new Error(`The release has no ${bundleName(server)}: ${response.status}`);
  const bundleSha256 = createHash("sha256")
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest("hex");
  const folder = await mkdtemp(path.join(tmpdir(), "registry-"));
  const entry = releaseEntry(server, { bundleSha256, hasImage });
  await writeFile(path.join(folder, "server.json"), `${JSON.stringify(entry, null, 2)}\n`);
  process.stdout.write(`registering ${entry.name} ${entry.version}\n`);
  execFileSync("mcp-publisher", ["publish"], { cwd: folder, stdio: "inherit" });
}
