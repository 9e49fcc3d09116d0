const PREFIX = "file:///";
const isWindows = process.platform === "win32";

/**
 * `file:///home/me/my%20notes` of `/home/me/my notes`, and `file:///C:/Users` of `C:\Users`. Of `/` it is `file:////`,
 * since the template's variable stands for one character at least.
 */
export function uriOf(absolute: string): string {
  const path = isWindows ? absolute.replaceAll("\\", "/") : absolute.replace(/^\/(?=.)/, "");
  // The colon of a drive stays as it is in all file URIs.
  return (
    PREFIX +
    path
      .split("/")
      .map(encodeURIComponent)
      .join("/")
      .replace(/^([a-z])%3A/i, "$1:")
  );
}

/** The absolute path that the variable of `file:///{+path}` stands for. */
export const absoluteOf = (path: string): string => (isWindows ? path : `/${path.replace(/^\/+/, "")}`);

/** The path that a URI names; undefined when it is none of ours or holds a broken escape. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith(PREFIX)) return undefined;
  try {
    return absoluteOf(decodeURIComponent(uri.slice(PREFIX.length)));
  } catch {
    return undefined;
  }
}
