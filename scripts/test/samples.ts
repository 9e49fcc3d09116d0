import { mkdir } from "node:fs/promises";
import path from "node:path";

/** The arguments with which a server starts on an empty machine: a folder of its own where it needs one. */
export async function sampleArguments(name: string, folder: string): Promise<string[]> {
  if (!/server-(?:filesystem|git|notes)$/.test(name)) return [];
  const data = path.join(folder, "sample-data");
  await mkdir(data, { recursive: true });
  return [data];
}
