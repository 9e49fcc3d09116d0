import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { ROOT } from "./lib/repository.ts";
import { generatedFiles } from "./listings/files.ts";

/** `tsx docs.ts [--check]`: writes, or compares, the files that describe the servers in other tools' formats. */
const isCheck = process.argv.includes("--check");

for (const { file, text } of await generatedFiles()) {
  const target = path.join(ROOT, file);
  const before = await readFile(target, "utf8").catch(() => undefined);
  if (before === text) continue;
  if (isCheck) {
    process.stderr.write(`${file} differs from the servers' tables. Run: pnpm run docs\n`);
    process.exitCode = 1;
  } else if (text === undefined) {
    await rm(target);
  } else {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
    process.stdout.write(`${file} written\n`);
  }
}
