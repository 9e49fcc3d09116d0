/** Bytes at the start of a file that tell its type. */
export const MAGIC_BYTES = 512;

const latin1 = (bytes: Buffer, start: number, end: number) => bytes.toString("latin1", start, end);
const at = (offset: number, text: string, type: string) => (bytes: Buffer) =>
  latin1(bytes, offset, offset + text.length) === text ? type : undefined;

const SIGNS: readonly ((bytes: Buffer) => string | undefined)[] = [
  at(0, "\x89PNG\r\n\x1a\n", "image/png"),
  at(0, "\xff\xd8\xff", "image/jpeg"),
  at(0, "GIF87a", "image/gif"),
  at(0, "GIF89a", "image/gif"),
  riff,
  bmp,
  at(0, "\0\0\x01\0", "image/x-icon"),
  at(0, "II*\0", "image/tiff"),
  at(0, "MM\0*", "image/tiff"),
  container,
  at(0, "OggS", "audio/ogg"),
  at(0, "fLaC", "audio/flac"),
  at(0, "ID3", "audio/mpeg"),
  mpegAudio,
  at(0, "MThd", "audio/midi"),
  at(0, "#!AMR", "audio/amr"),
  aiff,
  at(0, "%PDF-", "application/pdf"),
  at(0, "PK\x03\x04", "application/zip"),
  at(0, "\x1f\x8b", "application/gzip"),
  at(0, "\x1aE\xdf\xa3", "video/webm"),
  svg,
];

/** The media type that a file's first bytes show; undefined when unknown. */
export function sniff(bytes: Buffer): string | undefined {
  for (const sign of SIGNS) {
    const type = sign(bytes);
    if (type !== undefined) return type;
  }
  return undefined;
}

function riff(bytes: Buffer): string | undefined {
  if (latin1(bytes, 0, 4) !== "RIFF") return undefined;
  const kind = latin1(bytes, 8, 12);
  return { WEBP: "image/webp", WAVE: "audio/wav", "AVI ": "video/x-msvideo" }[kind];
}

/** "BM" alone begins many texts, so the length of the following header must be a known one. */
function bmp(bytes: Buffer): string | undefined {
  const isBmp = latin1(bytes, 0, 2) === "BM" && bytes.length > 18;
  return isBmp && [12, 40, 52, 56, 64, 108, 124].includes(bytes.readUInt32LE(14)) ? "image/bmp" : undefined;
}

/** ISO media files name their format in the first box. */
function container(bytes: Buffer): string | undefined {
  if (latin1(bytes, 4, 8) !== "ftyp") return undefined;
  const brand = latin1(bytes, 8, 12);
  if (brand === "avif" || brand === "avis") return "image/avif";
  if (/^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) return "image/heic";
  return brand === "M4A " || brand === "M4B " ? "audio/mp4" : "video/mp4";
}

/** MPEG audio and AAC frames have no signature, only eleven fixed bits and fields with forbidden values. */
function mpegAudio(bytes: Buffer): string | undefined {
  const [first, second = 0, third = 0] = bytes;
  if (first !== 0xff || bytes.length < 4) return undefined;
  if ((second & 0xf6) === 0xf0) return "audio/aac";
  // Layer I is not detected, because UTF-16 text begins like it.
  const isFrame = (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08 && [2, 4].includes(second & 0x06);
  return isFrame && third >> 4 !== 0x0f && third >> 4 !== 0 && (third & 0x0c) !== 0x0c ? "audio/mpeg" : undefined;
}

function aiff(bytes: Buffer): string | undefined {
  return latin1(bytes, 0, 4) === "FORM" && /^AIF[FC]$/.test(latin1(bytes, 8, 12)) ? "audio/aiff" : undefined;
}

function svg(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8", 0, MAGIC_BYTES).replace(/^\uFEFF/, "");
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(text)
    ? "image/svg+xml"
    : undefined;
}
