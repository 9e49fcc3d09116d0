import { kindOfBytes, shownEncoding } from "../text/detect.ts";
import { MAGIC_BYTES, mediaType } from "../text/media.ts";

const UNKNOWN = "application/octet-stream";

/** Bytes at the start of a file that tell its type. */
export const TYPE_BYTES = Math.max(MAGIC_BYTES, 4096);

/** The media type of a file by its first bytes, then by its name; of all other text, that it is text. */
export function typeOf(start: Buffer, path: string): string {
  const type = mediaType(start, path);
  return type === UNKNOWN && isText(start) ? "text/plain" : type;
}

const isText = (start: Buffer) =>
  shownEncoding(start) !== undefined || (!start.includes(0) && kindOfBytes(start) === "utf-8");
