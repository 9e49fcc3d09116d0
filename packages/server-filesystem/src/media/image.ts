/** Pixels of an image; undefined in the functions below when its data ends too soon. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Readers of the image types that models see. Reads past the end give undefined, and then no size. */
const READERS: Readonly<Record<string, (bytes: Buffer) => ImageSize | undefined>> = {
  "image/png": pngSize,
  "image/jpeg": jpegSize,
  "image/gif": gifSize,
  "image/webp": webpSize,
};

/** Whether models can see images of a type; any other type makes them refuse the whole conversation. */
export const isSeen = (type: string): boolean => Object.hasOwn(READERS, type);

/** @returns the size of a complete image; undefined when it is truncated or broken */
export function imageSize(bytes: Buffer, type: string): ImageSize | undefined {
  const size = READERS[type]?.(bytes);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

const tag = (bytes: Buffer, at: number) => bytes.toString("latin1", at, at + 4);
const has = (bytes: Buffer, end: number) => end <= bytes.length;

/** Chunks up to IEND, including image data. */
function pngSize(bytes: Buffer): ImageSize | undefined {
  let hasData = false;
  for (let at = 8; has(bytes, at + 12); ) {
    const length = bytes.readUInt32BE(at);
    const name = tag(bytes, at + 4);
    if (!has(bytes, at + 12 + length) || (at === 8 && (name !== "IHDR" || length < 8))) return undefined;
    hasData ||= name === "IDAT" && length > 0;
    if (name === "IEND") return hasData ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : undefined;
    at += 12 + length;
  }
  return undefined;
}

/** Segments up to the end marker; everything between a start of scan and the next marker is data. */
function jpegSize(bytes: Buffer): ImageSize | undefined {
  let size: ImageSize | undefined;
  let hasScan = false;
  for (let at = 2; has(bytes, at + 2); ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return hasScan ? size : undefined;
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (!has(bytes, at + 4)) return undefined;
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || !has(bytes, at + 2 + length)) return undefined;
    if (isFrame(marker) && length >= 8)
      size ??= { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + length;
    if (marker !== 0xda) continue;
    hasScan = true;
    at = nextMarker(bytes, at);
  }
  return undefined;
}

/** Start of frame in any coding, but not the table markers numbered between them. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function nextMarker(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0;
    // A zero stands for the byte itself, and D0 to D7 occur within data.
    if (marker !== 0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd7)) return at;
  }
  return bytes.length;
}

/** Blocks up to the trailer, including an image. */
function gifSize(bytes: Buffer): ImageSize | undefined {
  if (!has(bytes, 13)) return undefined;
  const table = (flags = 0) => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let hasImage = false;
  for (let at = 13 + table(bytes[10]); at < bytes.length; ) {
    const block = bytes[at];
    if (block === 0x3b) return hasImage ? { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) } : undefined;
    if (block !== 0x21 && block !== 0x2c) return undefined;
    hasImage ||= block === 0x2c;
    at += block === 0x21 ? 2 : 11 + table(bytes[at + 9]);
    // Data in blocks with a length before each, up to one of length zero.
    while (at < bytes.length && bytes[at] !== 0) at += 1 + (bytes[at] ?? 0);
    at += 1;
  }
  return undefined;
}

/** One RIFF chunk that contains the others; the first of those says which of three forms the image has. */
function webpSize(bytes: Buffer): ImageSize | undefined {
  if (!has(bytes, 30) || !has(bytes, bytes.readUInt32LE(4) + 8)) return undefined;
  let hasData = false;
  const end = bytes.readUInt32LE(4) + 8;
  for (let at = 12; at + 8 <= end; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (at + 8 + length > end) return undefined;
    hasData ||= ["VP8 ", "VP8L", "ANMF"].includes(tag(bytes, at)) && length > 0;
    at += 8 + length + (length & 1);
  }
  return hasData ? webpForm(bytes) : undefined;
}

function webpForm(bytes: Buffer): ImageSize | undefined {
  switch (tag(bytes, 12)) {
    case "VP8X":
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case "VP8L": {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return undefined;
  }
}
