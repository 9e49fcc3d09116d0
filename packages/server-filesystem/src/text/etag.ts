import crypto from "node:crypto";
import type { OpenFile, Stat } from "@org/beneath";

/** Bytes of the largest file whose etag is of its content: a longer one would be read whole for it. */
export const MOST_HASHED = 16 << 20;

/** Names a state by its bytes: the first 96 bits of their SHA-256, 16 characters that need no quoting. */
export const etagOf = (bytes: Uint8Array): string => sha256(bytes).slice(0, 16);

// In one call a hash takes a third of the time, which is most of what a small read computes. Node has it since 20.12.
const sha256: (bytes: Uint8Array) => string =
  "hash" in crypto
    ? (bytes) => crypto.hash("sha256", bytes, "base64url")
    : (bytes) => crypto.createHash("sha256").update(bytes).digest("base64url");

/** No base64url has this in it, so the two kinds are never taken for each other. */
const BY_STAT = "s.";

/** Names the state of a large file: whoever changes it changes its size, its time or its inode. */
export const etagOfStat = ({ size, mtimeMs, ino }: Pick<Stat, "size" | "mtimeMs" | "ino">): string =>
  BY_STAT + etagOf(Buffer.from(`${size} ${mtimeMs} ${ino}`));

export const isOfStat = (etag: string): boolean => etag.startsWith(BY_STAT);

/** Names the state of a file that is in memory. */
export const etagOfFile = (bytes: Uint8Array, stat: Stat): string =>
  bytes.length > MOST_HASHED ? etagOfStat(stat) : etagOf(bytes);

/** The etag of an open file, of the kind that `like` is, where it can have one. */
export async function currentEtag(file: OpenFile, like: string): Promise<string> {
  const { stat } = file;
  if (isOfStat(like) || stat.size > MOST_HASHED) return etagOfStat(stat);
  return etagOf(await file.read(0, stat.size));
}
