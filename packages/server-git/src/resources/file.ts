import { defineResource } from "@org/server-kit";
import type { Git } from "../context.ts";

// Loaded with the first request, to keep the start fast.
const names = () => import("../history/names.ts");

export const fileResource = defineResource({
  name: "file",
  uri: "git://{repo}/{revision}/{+path}",
  title: "A file at a revision",
  description:
    "A committed file: git://site/v1.0/docs/index.md. repo is the name of the repository's folder or its path, escaped (%2F for /), as is the revision.",
  mimeType: "text/plain",
  complete: {
    repo: async (typed, { repositories }: Git) => (await names()).repositoriesFrom(repositories, typed),
    revision: async (typed, { repositories }: Git) => (await names()).revisionsFrom(repositories, typed),
    path: async (typed, { repositories }: Git) => (await names()).pathsFrom(repositories, typed),
  },
  read: async (file, { repositories }: Git, { signal }) =>
    (await import("./read-file.ts")).readFile(file, repositories, signal),
});
