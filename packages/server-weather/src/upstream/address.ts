/** A source's URL. The base URL may be an origin, have a path prefix, or already end with the full path. */
export function endpoint(base: string, path: string): URL {
  const url = new URL(base);
  const given = url.pathname.split("/").filter(Boolean);
  const wanted = path.split("/").filter(Boolean);
  const overlap = wanted.findLastIndex((_, at) => wanted.slice(0, at + 1).join("/") === given.slice(-at - 1).join("/"));
  url.pathname = `/${[...given, ...wanted.slice(overlap + 1)].join("/")}`;
  url.search = "";
  return url;
}

/**
 * Four decimals are eleven metres. More digits would miss the cache for the same weather, and some sources refuse them.
 */
export const coordinate = (degrees: number): string => String(Number(degrees.toFixed(4)));
