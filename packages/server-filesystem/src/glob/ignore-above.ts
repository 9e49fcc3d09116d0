import { BeneathError, type Root } from "@org/beneath";
import { IGNORE_FILES } from "./ignore.ts";

/** The texts of a directory's ignore files, in the order of their names. */
export interface IgnoreTexts {
  /** Relative to the root. */
  readonly directory: string;
  readonly texts: readonly string[];
}

const MOST_BYTES = 1 << 20;

/** The ignore files of the directories above one, from the root down. @param path relative to the root, links resolved */
export async function ignoreTextsAbove(root: Root, path: string): Promise<readonly IgnoreTexts[]> {
  const names = path.split("/").slice(0, -1);
  const above = path === "" ? [] : ["", ...names.map((_, index) => names.slice(0, index + 1).join("/"))];
  const all = await Promise.all(
    above.map(async (directory) => {
      const read = IGNORE_FILES.map((name) => textOf(root, directory === "" ? name : `${directory}/${name}`));
      return { directory, texts: (await Promise.all(read)).flat() };
    }),
  );
  return all.filter(({ texts }) => texts.length > 0);
}

async function textOf(root: Root, path: string): Promise<readonly string[]> {
  try {
    return [(await root.read(path, { maxBytes: MOST_BYTES })).bytes.toString()];
  } catch (error) {
    if (error instanceof BeneathError) return [];
    throw error;
  }
}
