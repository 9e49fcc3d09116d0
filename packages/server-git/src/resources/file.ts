import { type Body, defineResource, ToolError } from "@org/server-kit";
import type { Git } from "../context.ts";
import { lfsObject, parseLfsPointer } from "../history/files/lfs.ts";
import { contentOf, fileAt, isBinary, isUtf16, placeOf } from "../history/files/text-file.ts";
import { pathsFrom, repositoriesFrom, repositoryNamed, revisionsFrom } from "../history/names.ts";
import { decodeBytes } from "../text/visible.ts";
import { mimeTypeOf } from "./mime.ts";

const FOLDER = "040000";
const SUBMODULE = "160000";
/** What a commit's whole id names never changes. */
const FOREVER = { ttlMs: 86_400_000, cacheScope: "private" } as const;
const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export const fileResource = defineResource({
  name: "file",
  uri: "git://{repo}/{revision}/{+path}",
  title: "A file at a revision",
  description:
    "A committed file: git://site/v1.0/docs/index.md. repo is the name of the repository's folder or its path, escaped (%2F for /), as is the revision.",
  mimeType: "text/plain",
  complete: {
    repo: (typed, { repositories }: Git) => repositoriesFrom(repositories, typed),
    revision: (typed, { repositories }: Git) => revisionsFrom(repositories, typed),
    path: (typed, { repositories }: Git) => pathsFrom(repositories, typed),
  },
  async read({ repo, revision, path }, { repositories }: Git, { signal }): Promise<Body | undefined> {
    try {
      const repository = await repositoryNamed(repositories, repo, signal);
      const entry = await fileAt(repository, await placeOf(repository, path, revision, signal), signal);
      if (entry.mode === FOLDER || entry.mode === SUBMODULE) return undefined;
      const stored = await contentOf(repository, entry, signal);
      const pointer = parseLfsPointer(stored);
      const content = (pointer && (await lfsObject(repository, pointer))) ?? stored;
      const cache = ID.test(revision) ? { cache: FOREVER } : {};
      const mimeType = mimeTypeOf(path);
      if (isUtf16(content) || (isBinary(content) && mimeType !== "image/svg+xml")) {
        return { blob: content.toString("base64"), mimeType: mimeType ?? "application/octet-stream", ...cache };
      }
      return { text: decodeBytes(content), ...(mimeType !== undefined && { mimeType }), ...cache };
    } catch (error) {
      if (error instanceof ToolError && NONE.has(error.code)) return undefined;
      throw error;
    }
  },
});

/** What may not be seen is as if it were not there. */
const NONE: ReadonlySet<string> = new Set(["not_found", "access_denied", "invalid_input"]);
