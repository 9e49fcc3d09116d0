import type { Stat } from "@org/beneath";

/** What the system says of a file. */
export type FileState = Pick<Stat, "size" | "mtimeMs" | "birthtimeMs" | "ino">;

/** Tells a file's state from others that it had. */
export const stampOf = ({ mtimeMs, size, ino }: FileState): string => `${mtimeMs}:${size}:${ino}`;
