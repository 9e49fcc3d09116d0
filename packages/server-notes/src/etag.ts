import { createHash } from "node:crypto";

/** Identifies a note's state: the first 96 bits of the SHA-256 of its bytes, 16 characters that need no quoting. */
export const etagOf = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("base64url").slice(0, 16);
