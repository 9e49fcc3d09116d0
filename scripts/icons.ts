import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { ROOT, readServers } from "./lib/repository.ts";
import { renderIcon } from "./listings/icon.ts";

/** `pnpm icons`: makes each server's icon.png from its icon.svg. */
for (const { folder } of await readServers()) {
  const png = renderIcon(await readFile(path.join(ROOT, folder, "icon.svg"), "utf8"));
  await writeFile(path.join(ROOT, folder, "icon.png"), png);
  process.stdout.write(`${folder}/icon.png: ${png.length} bytes\n`);
}
