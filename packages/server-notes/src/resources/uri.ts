const PREFIX = "notes:///";

/** `notes:///projects/my%20note.md` */
export const uriOf = (path: string): string => PREFIX + path.split("/").map(encodeURIComponent).join("/");

/** The path that a URI names; undefined when it is not ours or contains an invalid escape. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith(PREFIX)) return undefined;
  try {
    return decodeURIComponent(uri.slice(PREFIX.length));
  } catch {
    return undefined;
  }
}
