import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { readSmall } from "../../repositories/read-small.ts";
import type { Repository } from "../../repositories/types.ts";

export const LFS_VERSION = "version https://git-lfs.github.com/spec/v1\n";
/** Maximum size of a pointer in bytes. */
const LONGEST = 1024;
/** Objects larger than this many bytes are not read. */
const LARGEST = 64 << 20;

/** The contents of a Git LFS pointer. */
export interface LfsPointer {
  readonly oid: string;
  readonly size: number;
}

/** @returns undefined for content that is not a pointer */
export function parseLfsPointer(content: Buffer): LfsPointer | undefined {
  if (content.length > LONGEST) return undefined;
  const text = content.toString("latin1");
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  if (!text.startsWith(LFS_VERSION) || oid === undefined || size === undefined) return undefined;
  return { oid, size: Number(size) };
}

/**
 * The content that a pointer stands for, from the repository's own store: no filter runs, and nothing is fetched.
 * @returns undefined if it is missing, too large, or does not match the pointer
 */
export async function lfsObject(
  { commonDirectory }: Pick<Repository, "commonDirectory">,
  pointer: LfsPointer,
): Promise<Buffer | undefined> {
  const { oid, size } = pointer;
  if (size > LARGEST) return undefined;
  const place = path.join(commonDirectory, "lfs", "objects", oid.slice(0, 2), oid.slice(2, 4), oid);
  try {
    // A symlink in the store could lead to any of the user's files.
    if ((await realpath(place)) !== place) return undefined;
    const content = await readSmall(place, size);
    if (content?.length !== size) return undefined;
    return createHash("sha256").update(content).digest("hex") === oid ? content : undefined;
  } catch {
    return undefined;
  }
}
