import { statSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { ToolError } from "@org/server-kit";
import { redact } from "./redact.ts";

export interface Configs {
  names(): Promise<string[]>;
  /**
   * The configuration of this name as JSON, without its secrets; undefined when there is none.
   * @throws ToolError `invalid_input` when the file is not JSON
   */
  read(name: string): Promise<string | undefined>;
  /** A value that changes when the file does, read synchronously; undefined when there is no file. */
  state(name: string): string | undefined;
}

/** Larger files are not configuration. */
const LARGEST = 1 << 20;

/** The `*.json` files of a folder, read at each call. */
export function openConfigs(folder: string): Configs {
  const names = async () => {
    const entries = await readdir(folder, { withFileTypes: true });
    // Links are left out: they may lead out of the folder.
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => path.basename(entry.name, ".json"))
      .sort();
  };
  // A name from outside is compared with the existing names, and never used as a path directly.
  const fileOf = async (name: string) =>
    (await names()).includes(name) ? path.join(folder, `${name}.json`) : undefined;
  return {
    names,
    async read(name) {
      const file = await fileOf(name);
      if (file === undefined) return undefined;
      if ((await stat(file)).size > LARGEST) throw new ToolError("too_large", `${name} has more than a MiB.`);
      const text = await readFile(file, "utf8");
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        // The parser's own message would quote the file, secrets included.
        throw new ToolError("invalid_input", `${name}.json is not valid JSON.`);
      }
      return JSON.stringify(redact(value), undefined, 2);
    },
    state(name) {
      if (path.basename(name) !== name) return undefined;
      try {
        const { mtimeMs, size, ino } = statSync(path.join(folder, `${name}.json`));
        return `${mtimeMs} ${size} ${ino}`;
      } catch {
        return undefined;
      }
    },
  };
}
