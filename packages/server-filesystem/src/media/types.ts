import { kindOfBytes, shownEncoding } from "../text/detect.ts";
import { MAGIC_BYTES, sniff } from "../text/sniff.ts";

const UNKNOWN = "application/octet-stream";

const BY_EXTENSION: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
  ico: "image/x-icon",
  tif: "image/tiff",
  tiff: "image/tiff",
  avif: "image/avif",
  heic: "image/heic",
  svg: "image/svg+xml",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  flac: "audio/flac",
  m4a: "audio/mp4",
  aac: "audio/aac",
  mid: "audio/midi",
  midi: "audio/midi",
  aif: "audio/aiff",
  aiff: "audio/aiff",
  amr: "audio/amr",
  mp4: "video/mp4",
  webm: "video/webm",
  avi: "video/x-msvideo",
  mov: "video/quicktime",
  pdf: "application/pdf",
  zip: "application/zip",
  gz: "application/gzip",
  json: "application/json",
  xml: "application/xml",
  html: "text/html",
  css: "text/css",
  csv: "text/csv",
  md: "text/markdown",
  txt: "text/plain",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

/** The media type that a file's extension stands for. */
export function typeByName(path: string): string | undefined {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
}

/** Formats based on zip, which the extension identifies better than the content. */
const ZIPPED = /\.(?:docx|xlsx|pptx)$/i;

/** The media type of a file, by its content first and then its name. */
function mediaType(bytes: Buffer, path: string): string {
  const shown = sniff(bytes.subarray(0, MAGIC_BYTES));
  const named = typeByName(path);
  return (shown === "application/zip" && ZIPPED.test(path) ? named : shown) ?? named ?? UNKNOWN;
}

/** Bytes at the start of a file that identify its type. */
export const TYPE_BYTES = Math.max(MAGIC_BYTES, 4096);

/** The media type of a file by its first bytes, then by its name; any other text is text/plain. */
export function typeOf(start: Buffer, path: string): string {
  const type = mediaType(start, path);
  return type === UNKNOWN && isText(start) ? "text/plain" : type;
}

export const isText = (start: Buffer) =>
  shownEncoding(start) !== undefined || kindOfBytes([{ bytes: start, goesOn: true }]) === "utf-8";
