import { inflateSync } from "node:zlib";

/** The size of a PNG in pixels, from its header. Throws for what is none. */
export function sizeOf(png: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(png);
  if (bytes.toString("latin1", 1, 4) !== "PNG") throw new Error("This is no PNG.");
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The parts of a PNG, each with what its checksum is of. */
export function chunksOf(png: Uint8Array): { type: string; data: Buffer; body: Buffer; checksum: number }[] {
  const bytes = Buffer.from(png);
  const chunks = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const end = at + 8 + bytes.readUInt32BE(at);
    const [body, checksum] = [bytes.subarray(at + 4, end), bytes.readUInt32BE(end)];
    chunks.push({ type: body.toString("latin1", 0, 4), data: body.subarray(4), body, checksum });
  }
  return chunks;
}

/** Red, green, blue and alpha of every pixel of a PNG: 8 bits each, not interlaced. */
export function pixelsOf(png: Uint8Array): Buffer {
  const { width, height } = sizeOf(png);
  const parts = chunksOf(png).filter(({ type }) => type === "IDAT");
  const filtered = inflateSync(Buffer.concat(parts.map(({ data }) => data)));
  const row = width * 4;
  const pixels = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = filtered[y * (row + 1)] ?? 0;
    for (let x = 0; x < row; x += 1) {
      const left = x < 4 ? 0 : (pixels[y * row + x - 4] ?? 0);
      const up = y === 0 ? 0 : (pixels[(y - 1) * row + x] ?? 0);
      const corner = x < 4 || y === 0 ? 0 : (pixels[(y - 1) * row + x - 4] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, nearest(left, up, corner)][filter] ?? 0;
      pixels[y * row + x] = (filtered[y * (row + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return pixels;
}

/** The Paeth predictor of the PNG specification. */
function nearest(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** The share of pixels in which two pictures of one size differ visibly: rounding differs between processors. */
export function difference(one: Uint8Array, other: Uint8Array): number {
  const [first, second] = [pixelsOf(one), pixelsOf(other)];
  if (first.length !== second.length) return 1;
  let differing = 0;
  for (let at = 0; at < first.length; at += 4) {
    const isFar = [0, 1, 2].some((channel) => Math.abs((first[at + channel] ?? 0) - (second[at + channel] ?? 0)) > 8);
    if (isFar) differing += 1;
  }
  return (4 * differing) / first.length;
}
