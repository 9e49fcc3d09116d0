import type { Stat } from "@org/beneath";

/** The system's facts about a file. */
export type FileState = Pick<Stat, "size" | "mtimeMs" | "birthtimeMs" | "ino">;

/** Distinguishes a file's current state from its earlier ones. */
export const stampOf = ({ mtimeMs, size, ino }: FileState): string => `${mtimeMs}:${size}:${ino}`;
