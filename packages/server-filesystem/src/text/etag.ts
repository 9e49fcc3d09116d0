import crypto from "node:crypto";
import type { OpenFile, Stat } from "@org/beneath";

/** Most bytes of a file whose etag is a hash of its content; larger files would have to be read in full. */
export const MOST_HASHED = 16 << 20;

/** Identifies a state by its bytes: the first 96 bits of their SHA-256, 16 characters that need no quoting. */
export const etagOf = (bytes: Uint8Array): string => sha256(bytes).slice(0, 16);

// The one-call hash takes a third of the time, which is most of a small read's computation. Node has it since 20.12.
const sha256: (bytes: Uint8Array) => string =
  "hash" in crypto
    ? (bytes) => crypto.hash("sha256", bytes, "base64url")
    : (bytes) => crypto.createHash("sha256").update(bytes).digest("base64url");

/** base64url has no dot, so the two kinds cannot be confused. */
const BY_STAT = "s.";

/** Identifies the state of a large file by its size, time and inode, one of which every change alters. */
export const etagOfStat = ({ size, mtimeMs, ino }: Pick<Stat, "size" | "mtimeMs" | "ino">): string =>
  BY_STAT + etagOf(Buffer.from(`${size} ${mtimeMs} ${ino}`));

export const isOfStat = (etag: string): boolean => etag.startsWith(BY_STAT);

/** Identifies the state of a file that is in memory. */
export const etagOfFile = (bytes: Uint8Array, stat: Stat): string =>
  bytes.length > MOST_HASHED ? etagOfStat(stat) : etagOf(bytes);

/** The etag of an open file, of the same kind as `like` if possible. */
export async function currentEtag(file: OpenFile, like: string): Promise<string> {
  const { stat } = file;
  if (isOfStat(like) || stat.size > MOST_HASHED) return etagOfStat(stat);
  return etagOf(await file.read(0, stat.size));
}
