import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { once } from "@org/server-kit";
import { outlined } from "./letters.ts";

/** A drawing's pixels: red, green, blue and alpha of each, row by row. All are opaque. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}
type Render = (svg: string) => Promise<Bitmap>;

/** The native renderer, which draws in a separate thread. It exists for twelve platforms. */
export async function nativeRenderer(): Promise<Render> {
  const { renderAsync } = await import("@resvg/resvg-js");
  // Without words it is all ASCII. Passed as bytes, it need not be encoded on the main thread.
  return (svg) => renderAsync(Buffer.from(outlined(svg), "latin1"), { font: { loadSystemFonts: false } });
}

/** The same renderer as WebAssembly, ten times slower, for other platforms and where npm omitted the native one. */
export async function portableRenderer(): Promise<Render> {
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  const wasm = createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm");
  await initWasm(await readFile(wasm));
  return async (svg) => new Resvg(outlined(svg)).render();
}

const renderer = once(() => nativeRenderer().catch(portableRenderer));

/** Turns drawings of one width into a PNG, one below the other. Their words are drawn in the shipped font. */
export async function toPng(svgs: readonly string[], signal: AbortSignal): Promise<Uint8Array> {
  const render = await renderer();
  signal.throwIfAborted();
  return encodePng(await Promise.all(svgs.map(render)));
}

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** 8 bits for each of red, green, blue and alpha; not interlaced. */
const FORMAT = [8, 6, 0, 0, 0];

/** Reused: allocating three megabytes for each picture would keep V8's garbage collector busy. */
let spare: Buffer | undefined;

/**
 * Writes a PNG of bitmaps of one width, one below the other. The renderer's own encoder takes half of the time of a picture,
 * on the main thread; flat colours come out smaller without its filters, at a level of compression that is three times as fast.
 */
export async function encodePng(bitmaps: readonly Bitmap[]): Promise<Buffer> {
  const width = bitmaps[0]?.width ?? 0;
  const height = bitmaps.reduce((sum, bitmap) => sum + bitmap.height, 0);
  const row = width * 4;
  const size = (row + 1) * height;
  const rows = spare?.length === size ? spare : Buffer.allocUnsafeSlow(size);
  // Another picture may be in progress at the same time.
  spare = undefined;
  let at = 0;
  // Read once, because the renderer copies its pixels on each read.
  for (const pixels of bitmaps.map((bitmap) => bitmap.pixels)) {
    for (let from = 0; from < pixels.length; from += row) {
      // The row's filter: none.
      rows[at] = 0;
      rows.set(pixels.subarray(from, from + row), at + 1);
      at += row + 1;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(FORMAT, 8);
  const packed = await promisify(deflate)(rows, { level: 3, chunkSize: 512 * 1024 });
  spare = rows;
  return Buffer.concat([
    SIGNATURE,
    ...chunk("IHDR", header),
    ...chunk("IDAT", packed),
    ...chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer[] {
  const [head, tail] = [Buffer.alloc(8), Buffer.alloc(4)];
  head.writeUInt32BE(data.length, 0);
  head.write(type, 4, "latin1");
  tail.writeUInt32BE(crcOf(head.subarray(4), data), 0);
  return [head, data, tail];
}

// `crc32` of node:zlib is newer than the first Node.js 20.
const CRCS = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crcOf(...parts: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  for (const bytes of parts)
    for (let at = 0; at < bytes.length; at += 1) crc = (CRCS[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
