import { closeSync, readSync } from "node:fs";
import { BeneathError, type ScanDirectory, type Scanner } from "@org/beneath";
import { IGNORE_FILES } from "./ignore.ts";

/** The first megabyte counts: nobody writes a longer one. One buffer for each thread. */
const buffer = Buffer.allocUnsafeSlow(1 << 20);

/** The texts of a directory's ignore files; those that are missing or cannot be read say nothing. */
export function readIgnoreFiles(scanner: Scanner, directory: ScanDirectory): readonly string[] {
  return IGNORE_FILES.flatMap((name) => {
    try {
      // Also this fails, in a directory that may be listed and not entered.
      if (!scanner.has(directory, name)) return [];
      const fd = scanner.openIn(directory, name);
      try {
        return [buffer.toString("utf8", 0, readSync(fd, buffer, 0, buffer.length, null))];
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      if (isOfFile(error)) return [];
      throw error;
    }
  });
}

/** Whether a failure is that of one file or directory: what is refused here, and what the system says of a call. */
export const isOfFile = (error: unknown): boolean =>
  error instanceof BeneathError || (error instanceof Error && "syscall" in error);
