import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

export interface Policies {
  names(): Promise<string[]>;
  /** The text of a policy; undefined when there is none of this name. */
  read(name: string): Promise<string | undefined>;
}

/** The Markdown files of `data/policies`, read at each call, so that edits need no restart. */
export function openPolicies(data: string): Policies {
  const folder = path.join(data, "policies");
  const names = async () =>
    (await readdir(folder)).filter((file) => file.endsWith(".md")).map((file) => path.basename(file, ".md"));
  return {
    names,
    async read(name) {
      // A name from outside is compared with the existing names, and never used as a path directly.
      return (await names()).includes(name) ? readFile(path.join(folder, `${name}.md`), "utf8") : undefined;
    },
  };
}
