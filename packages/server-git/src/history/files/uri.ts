/** `git://site/v1.0/docs/index.md`; instead of a name, the work tree's full path identifies a repository anywhere. */
export const uriOf = (repo: string, revision: string, path: Buffer): string =>
  `git://${encodeURIComponent(repo)}/${encodeURIComponent(revision)}/${path.toString().split("/").map(encodeURIComponent).join("/")}`;
