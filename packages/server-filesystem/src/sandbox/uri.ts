const PREFIX = "file:///";
const isWindows = process.platform === "win32";

/**
 * `file:///home/me/my%20notes` for `/home/me/my notes`, and `file:///C:/Users` for `C:\Users`. For `/` it is
 * `file:////`, because the template's variable must not be empty.
 */
export function uriOf(absolute: string): string {
  const path = isWindows ? absolute.replaceAll("\\", "/") : absolute.replace(/^\/(?=.)/, "");
  // By convention, file URIs do not escape the colon of a drive.
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

/** The path that a URI names; undefined when it is not ours or contains an invalid escape. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith(PREFIX)) return undefined;
  try {
    return absoluteOf(decodeURIComponent(uri.slice(PREFIX.length)));
  } catch {
    return undefined;
  }
}
