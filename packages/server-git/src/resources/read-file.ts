import { type Body, ToolError } from "@org/server-kit";
import { OBJECT_ID } from "../git/object-id.ts";
import { lfsObject, parseLfsPointer } from "../history/files/lfs.ts";
import { encodingOf } from "../history/files/part.ts";
import { contentOf, fileAt, filePlaceOf, isBinary } from "../history/files/text-file.ts";
import { repositoryNamed } from "../history/names.ts";
import type { Repositories } from "../repositories/types.ts";
import { decodeBytes } from "../text/visible.ts";
import { mimeTypeOf } from "./mime.ts";

const FOLDER = "040000";
const SUBMODULE = "160000";
/** A file in a commit given by its full id never changes. */
const FOREVER = { ttlMs: 86_400_000, cacheScope: "private" } as const;

/** Anything that may not be seen is reported as missing. */
const NONE: ReadonlySet<string> = new Set(["not_found", "access_denied", "invalid_input"]);

/** The variables of the URI template. */
interface FileName {
  readonly repo: string;
  readonly revision: string;
  readonly path: string;
}

/** The content of the file at a URI; undefined if there is none, or it may not be read. */
export async function readFile(
  { repo, revision, path }: FileName,
  repositories: Repositories,
  signal: AbortSignal,
): Promise<Body | undefined> {
  try {
    const repository = await repositoryNamed(repositories, repo, signal);
    const entry = await fileAt(repository, await filePlaceOf(repository, path, revision, signal), signal);
    if (entry.mode === FOLDER || entry.mode === SUBMODULE) return undefined;
    const stored = await contentOf(repository, entry.id, signal);
    const pointer = parseLfsPointer(stored);
    const content = (pointer && (await lfsObject(repository, pointer))) ?? stored;
    // The object of an LFS pointer may be fetched later.
    const cache = OBJECT_ID.test(revision) && !pointer ? { cache: FOREVER } : {};
    const mimeType = mimeTypeOf(path);
    if (encodingOf(content) !== undefined || (isBinary(content) && mimeType !== "image/svg+xml")) {
      return { blob: content.toString("base64"), mimeType: mimeType ?? "application/octet-stream", ...cache };
    }
    return { text: decodeBytes(content), ...(mimeType !== undefined && { mimeType }), ...cache };
  } catch (error) {
    if (error instanceof ToolError && NONE.has(error.code)) return undefined;
    throw error;
  }
}
