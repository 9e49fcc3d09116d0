import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

// The least that any program on these notes does, in bare Node: `read` reads all files, several at a time; `stat` checks
// each one; `grep` searches all of them for each given word, and prints its milliseconds.
const [work, folder, ...words] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath, entry.name));
if (work === "stat") for (const file of files) lstatSync(file);
if (work === "read") {
  const queue = files.values();
  const reader = async () => {
    for (const file of queue) await readFile(file, "utf8");
  };
  await Promise.all(Array.from({ length: 8 }, reader));
}
if (work === "grep") {
  const times = words.map((word) => {
    const began = performance.now();
    const found = files.filter((file) => readFileSync(file, "utf8").toLowerCase().includes(word));
    return found.length >= 0 ? performance.now() - began : 0;
  });
  process.stdout.write(JSON.stringify(times));
}
