import { type Body, type Page, quote, ToolError } from "@org/server-kit";
import { typeOf } from "../media/types.ts";
import { isCode, onFiles } from "../sandbox/errors.ts";
import type { Place, Sandbox } from "../sandbox/types.ts";
import { absoluteOf, uriOf } from "../sandbox/uri.ts";
import { decodeToShow } from "../text/codec.ts";
import { markLength } from "../text/encodings.ts";
import { encodingOf } from "../text/read.ts";
import { showBroken } from "../text/utf8.ts";

/** Most characters in the content of a resource. */
const MOST_TEXT = 6 << 20;
/** In bytes: base64 adds a third. */
const MOST_BYTES = (MOST_TEXT / 4) * 3;
const DIRECTORY = "inode/directory";
/** Most entries in the listing of a directory. */
const MOST_ENTRIES = 10_000;

export function listAllowed(sandbox: Sandbox): Page {
  return { items: sandbox.allowed().map(({ path }) => ({ uri: uriOf(path), name: path, mimeType: DIRECTORY })) };
}

/** @param path what the resource's URI says */
export async function readFile(path: string, sandbox: Sandbox, signal: AbortSignal): Promise<Body | undefined> {
  const place = placeOf(path, sandbox);
  if (!place) return undefined;
  return unlessHidden(() => bodyOf(place, sandbox.maxRead, signal), place);
}

/** A denied path is reported as missing. */
function placeOf(path: string, sandbox: Sandbox): Place | undefined {
  try {
    return sandbox.at(absoluteOf(path));
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

async function unlessHidden(read: () => Promise<Body>, place: Place): Promise<Body | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isCode(error, "not_found", "outside", "denied", "name", "not_a_directory", "is_a_link")) return undefined;
    return onFiles(place, () => Promise.reject(error));
  }
}

async function bodyOf(place: Place, maxRead: number, signal: AbortSignal): Promise<Body> {
  const { root, path } = place;
  const { kind, target } = await root.stat(path);
  if (kind === "directory" || target === "directory") return listing(place, signal);
  const maxBytes = Math.min(maxRead, MOST_TEXT);
  const { bytes } = await root.read(path, { maxBytes, signal }).catch((error: unknown) => {
    throw isCode(error, "too_large") ? tooLarge(place, maxBytes) : error;
  });
  const mimeType = typeOf(bytes, path);
  const text = await textOf(bytes, place);
  if (text !== undefined) return { text, mimeType };
  if (bytes.length > MOST_BYTES) throw tooLarge(place, MOST_BYTES);
  return { blob: bytes.toString("base64"), mimeType };
}

const tooLarge = ({ given }: Place, most: number) =>
  new ToolError(
    "too_large",
    `${quote(given, 200)} is larger than the ${most} bytes that a resource may have. Read it in parts with read_text_file.`,
  );

async function textOf(bytes: Buffer, place: Place): Promise<string | undefined> {
  try {
    const encoding = await encodingOf(bytes, place, undefined);
    return showBroken(await decodeToShow(bytes.subarray(markLength(bytes, encoding)), encoding, true));
  } catch (error) {
    if (error instanceof ToolError && error.code === "unsupported") return undefined;
    throw error;
  }
}

/** In the text/uri-list format: one entry per line, and comments after "#". */
async function listing({ root, path, given }: Place, signal: AbortSignal): Promise<Body> {
  const base = uriOf(`${given.replace(/\/+$/, "")}/x`).slice(0, -1);
  const lines: string[] = [];
  let hasMore = false;
  for await (const { name, kind, addressable } of root.list(path, { signal })) {
    hasMore = lines.length === MOST_ENTRIES;
    if (hasMore) break;
    if (addressable) lines.push(`${base}${encodeURIComponent(name)}${kind === "directory" ? "/" : ""}`);
  }
  lines.sort();
  if (hasMore) lines.push(`# Only the first ${MOST_ENTRIES} entries: list_directory lists all, in pages.`);
  return { text: lines.map((line) => `${line}\n`).join(""), mimeType: DIRECTORY };
}
