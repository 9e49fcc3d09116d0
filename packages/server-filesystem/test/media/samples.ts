import { deflateSync } from "node:zlib";

/** A chunk of a PNG; its checksum is never checked. */
function chunk(name: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name, "latin1"), data, Buffer.alloc(4)]);
}

/** @param extra bytes of a text chunk that make it larger */
export function png(width: number, height: number, extra = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    ...(extra > 0 ? [chunk("tEXt", Buffer.alloc(extra, "x"))] : []),
    chunk("IDAT", deflateSync(Buffer.alloc(16))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** With an embedded thumbnail in the camera's segment, and a restart marker and a stuffed byte in the data. */
export function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from("ffc0000b08000000000101110000".slice(0, 26), "hex");
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const thumbnail = Buffer.from("ffd8ffc0000b080001000101011100ffda0008010100003f0000ffd9", "hex");
  const camera = Buffer.concat([Buffer.from([0xff, 0xe1, 0, thumbnail.length + 2]), thumbnail]);
  const scan = Buffer.from("ffda0008010100003f00", "hex");
  return Buffer.concat([
    Buffer.from("ffd8", "hex"),
    camera,
    frame,
    scan,
    Buffer.from("1122ff00ffd033", "hex"),
    Buffer.from("ffd9", "hex"),
  ]);
}

export function gif(width: number, height: number): Buffer {
  const screen = Buffer.from("GIF89a\0\0\0\0\x80\0\0", "latin1");
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  const rest = "ffffff00000021f90401000000002c00000000010001000002024401003b";
  return Buffer.concat([screen, Buffer.from(rest, "hex")]);
}

export function webp(width: number, height: number): Buffer {
  const data = Buffer.alloc(14);
  data[0] = 0x2f;
  data.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  const bytes = Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBPVP8L\0\0\0\0", "latin1"), data]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(data.length, 16);
  return bytes;
}

export const IMAGES = { png, jpeg, gif, webp } as const;
