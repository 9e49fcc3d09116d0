import { mkdir } from "node:fs/promises";
import path from "node:path";

/**
 * Every server starts without arguments. One that would then work on the home folder of the person running the tests
 * gets a folder of its own.
 */
export async function sampleArguments(name: string, folder: string): Promise<string[]> {
  if (!/server-(?:filesystem|git|notes)$/.test(name)) return [];
  const data = path.join(folder, "sample-data");
  await mkdir(data, { recursive: true });
  return [data];
}
