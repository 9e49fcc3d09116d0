import { isAbsolute, relative, sep } from "node:path";

/** Whether `path` is `folder` or lies in it, as text: for paths without symlinks. */
export function isInside(folder: string, path: string): boolean {
  // Each call asks for a dozen, and `relative` takes both apart.
  if (path.startsWith(folder + sep) && !path.includes("..")) return true;
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
