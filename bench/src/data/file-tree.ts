import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { randomFrom } from "./notes-vault.ts";

/** The text to find among {@link FILES} files. */
export const RARE = "quuxProbe_7f3a";
export const FILES = 20_000;
const FOLDERS = 500;
/** Average size of a file in bytes; 220 MB in total. */
const AVERAGE = 11_000;
const HOLDERS: ReadonlySet<number> = new Set([137, 9_031, 19_777]);
const EXTENSIONS = ["ts", "ts", "ts", "md", "json", "css"];
const WORDS =
  "const value return import export function await result index length path error user order total items render state " +
  "props class type string number boolean null undefined message request response header cache token query";

/** Writes a tree of source files, the same one every time. @returns their total size in bytes */
export async function writeFileTree(root: string): Promise<number> {
  const random = randomFrom(11);
  const words = WORDS.split(" ");
  const lines = Array.from({ length: 4000 }, () => {
    const indent = "  ".repeat(Math.floor(random() * 5));
    const count = 2 + Math.floor(random() * 9);
    return `${indent}${Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join(" ")};`;
  });
  let bytes = 0;
  for (let file = 0; file < FILES; file += 1) {
    const folder = path.join(root, folderOf(file % FOLDERS));
    if (file < FOLDERS) await mkdir(folder, { recursive: true });
    const from = Math.floor(random() * 3000);
    // A few long files and many short ones, as in a repository.
    const wanted = AVERAGE * (0.2 + 4.8 * random() ** 5) * (1 / 0.98);
    const picked: string[] = [];
    for (let line = from, size = 0; size < wanted; line += 1) {
      const text = lines[line % lines.length] ?? "";
      picked.push(text);
      size += text.length + 1;
    }
    if (HOLDERS.has(file)) picked.splice(Math.floor(picked.length / 2), 0, `  let found = ${RARE};`);
    const text = `${picked.join("\n")}\n`;
    bytes += text.length;
    await writeFile(path.join(folder, `module-${file}.${EXTENSIONS[file % EXTENSIONS.length]}`), text);
  }
  return bytes;
}

const folderOf = (index: number) => `pkg-${index % 20}/src/area-${Math.floor(index / 20)}`;
