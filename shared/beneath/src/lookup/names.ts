import { randomBytes } from "node:crypto";
import { refusal } from "../errors.ts";

/** Bytes; the most that Linux file systems, APFS and NTFS (in its own units) allow. */
const MAX_NAME = 255;
/** Characters; far more than any real path has, yet few enough to split quickly. */
const MAX_PATH = 131_072;
const TEMPORARY = /^\.beneath-[0-9a-f]{24}\.tmp$/;
/**
 * Names that Windows reserves for devices, with any extension, and characters that it reserves for streams and
 * patterns.
 */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:$|[ .])/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const WINDOWS_RESERVED = /[<>:"|?*\u0000-\u001f]|[. ]$/;
/** A lone surrogate has no UTF-8 form: Node would silently write U+FFFD, which is another name. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A hidden, unguessable name for a file or directory that is being made. */
export const temporaryName = () => `.beneath-${randomBytes(12).toString("hex")}.tmp`;

/**
 * Whether a name is that of an unfinished write, copy or move: `.beneath-` + 24 hex digits + `.tmp`. Only a crash
 * leaves such an entry behind; it may be deleted once it is older than any running write.
 */
export const isTemporary = (name: string) => TEMPORARY.test(name);

/** The path of an entry of `directory`; "." is the directory itself. */
export function childOf(directory: string, name: string): string {
  if (name === ".") return directory;
  return directory === "" ? name : `${directory}/${name}`;
}

/** Refuses anything but the name of a single entry: it is appended to a directory's handle, where `..` would climb. */
export function checkName(name: string, platform: NodeJS.Platform): void {
  if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) throw refusal("name");
  if (Buffer.byteLength(name) > MAX_NAME) throw refusal("name", `A name in the path is longer than ${MAX_NAME} bytes.`);
  if (platform !== "win32") return;
  if (name.includes("\\") || WINDOWS_RESERVED.test(name) || WINDOWS_DEVICE.test(name)) {
    throw refusal("name", "Windows reserves this name.");
  }
}

/**
 * Makes a caller's path relative and normalized: names joined by "/", "" for the root. Nothing is trimmed, unquoted,
 * decoded or folded: a blank, a quote or a percent sign is part of a name.
 * @param bases absolute paths of the root; an absolute path must begin with one of them
 * @throws BeneathError "outside" when it climbs above the root, even to come back, "name" for an impossible path
 */
export function relativePath(path: string, bases: readonly string[], platform: NodeJS.Platform): string {
  if (path.length > MAX_PATH) throw refusal("name", `The path is longer than ${MAX_PATH} characters.`);
  if (path.includes("\0")) throw refusal("name", "The path holds a NUL character.");
  if (LONE_SURROGATE.test(path)) throw refusal("name", "The path is not well-formed Unicode.");
  const names: string[] = [];
  for (const name of split(withoutBase(path, bases, platform), platform)) {
    if (name === "..") {
      if (names.pop() === undefined) throw refusal("outside");
    } else {
      checkName(name, platform);
      names.push(name);
    }
  }
  return names.join("/");
}

const split = (path: string, platform: NodeJS.Platform) =>
  path.split(platform === "win32" ? /[\\/]/ : "/").filter((name) => name !== "" && name !== ".");

function withoutBase(path: string, bases: readonly string[], platform: NodeJS.Platform): string {
  // On Windows, "C:x" and "\x" are absolute in part, and "\\server\share" and "\\?\" are other roots.
  const absolute = platform === "win32" ? /^(?:[\\/]|[a-z]:)/i.test(path) : path.startsWith("/");
  if (!absolute) return path;
  const fold = (text: string) => (platform === "win32" ? text.replaceAll("\\", "/").toLowerCase() : text);
  for (const base of bases) {
    const prefix = fold(base).replace(/\/$/, "");
    const folded = fold(path);
    if (folded === prefix || folded.startsWith(`${prefix}/`)) return path.slice(prefix.length);
  }
  throw refusal("outside");
}
