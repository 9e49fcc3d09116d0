import { closeSync } from "node:fs";
import type { ScanDirectory, Scanner } from "@org/beneath";
import { readStart } from "./chunks.ts";
import { IGNORE_FILES } from "./ignore.ts";
import { isOfFile } from "./work.ts";

/** The texts of a directory's ignore files; those that are missing or cannot be read say nothing. */
export function readIgnoreFiles(scanner: Scanner, directory: ScanDirectory): readonly string[] {
  return IGNORE_FILES.flatMap((name) => {
    try {
      // Also this fails, in a directory that may be listed and not entered.
      if (!scanner.has(directory, name)) return [];
      const fd = scanner.openIn(directory, name);
      try {
        // The first megabyte: no longer ones are written.
        return [readStart(fd).bytes.toString()];
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      if (isOfFile(error)) return [];
      throw error;
    }
  });
}
