import { isAbsolute, relative, sep } from "node:path";

/** Whether `path` is `folder` or lies in it. Compares text, so neither may contain symlinks. */
export function isInside(folder: string, path: string): boolean {
  // A call checks about a dozen paths, and `relative` splits both into parts.
  if (path.startsWith(folder + sep) && !path.includes("..")) return true;
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
