/** `git://site/v1.0/docs/index.md`; the work tree's whole path names a repository wherever it lies. */
export const uriOf = (repo: string, revision: string, path: Buffer): string =>
  `git://${encodeURIComponent(repo)}/${encodeURIComponent(revision)}/${path.toString().split("/").map(encodeURIComponent).join("/")}`;
