import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { etagOf } from "../../src/text/etag.ts";
import { IMAGES, jpeg, png } from "../media/samples.ts";
import { useServer } from "../use-server.ts";

const LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 12345\n";

const server = useServer({
  files: {
    "picture.png": png(640, 480),
    "picture.txt": png(1, 2),
    "photo.png": jpeg(30, 20),
    "sound.bin": Buffer.from("RIFF\0\0\0\0WAVEfmt ", "latin1"),
    "drawing.svg": '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "song.mp3": Buffer.from("ID3\x03\0", "latin1"),
    "paper #1 é.pdf": "%PDF-1.7\n",
    "notes.md": "# Notes\n",
    "wide.txt": Buffer.from("\uFEFFhe", "utf16le"),
    "data.xyz": Buffer.from([1, 0, 3]),
    Makefile: "all:\n",
    "empty.png": "",
    "empty.mp3": "",
    "text.png": "no picture",
    "data.jpg": '{"error": "not found"}',
    "page.gif": "<!DOCTYPE html>\n<html>",
    "pointer.png": LFS,
    "note.wav": "no sound",
    "four.mp4": Buffer.from("\0\0\0\x18ftypisom", "latin1"),
    "photo.jpg": Buffer.from("\0\0\0\x18ftypavif", "latin1"),
    "wide.png": png(8001, 10),
    "high.png": png(10, 8001),
    "edge.png": png(8000, 8000),
    "flat.png": png(10, 0),
  },
});

test.each([
  ["picture.png", "image", "image/png", ", 640x480 pixels"],
  ["picture.txt", "image", "image/png", ", 1x2 pixels"],
  ["photo.png", "image", "image/jpeg", ", 30x20 pixels"],
  ["edge.png", "image", "image/png", ", 8000x8000 pixels"],
  ["sound.bin", "audio", "audio/wav", ""],
  ["song.mp3", "audio", "audio/mpeg", ""],
])("%s is %s, of type %s", async (path, type, mimeType, pixels) => {
  const { content, value, blocks } = await server.ok("read_media_file", { path });
  const bytes = server.folder.bytes(path);
  // The first block, as in the official server's answers.
  expect(content[0]).toMatchObject({ type, mimeType, data: bytes.toString("base64") });
  expect(blocks[1]).toBe(`etag: ${etagOf(bytes)}, ${mimeType}${pixels}, ${bytes.length} bytes`);
  expect(value).toEqual({});
});

test.each([
  ["paper #1 é.pdf", "application/pdf"],
  ["notes.md", "text/markdown"],
  ["wide.txt", "text/plain"],
  ["four.mp4", "video/mp4"],
  ["Makefile", "text/plain"],
  ["drawing.svg", "image/svg+xml"],
  ["photo.jpg", "image/avif"],
  ["data.xyz", "application/octet-stream"],
])("%s is a resource of type %s", async (path, mimeType) => {
  const { content, blocks } = await server.ok("read_media_file", { path });
  const blob = server.folder.bytes(path).toString("base64");
  const uri = pathToFileURL(server.folder.at(path)).href;
  expect(content[0]).toMatchObject({ type: "resource", resource: { uri, mimeType, blob } });
  expect(blocks[1]).toContain(`, ${mimeType}, `);
});

test.each([
  ["empty.png", 'unsupported: "empty.png" is named like image/png, but is empty.'],
  ["empty.mp3", 'unsupported: "empty.mp3" is named like audio/mpeg, but is empty.'],
  [
    "text.png",
    'unsupported: "text.png" is named like image/png, but holds text. Use read_text_file to see what it says.',
  ],
  [
    "data.jpg",
    'unsupported: "data.jpg" is named like image/jpeg, but holds JSON. Use read_text_file to see what it says.',
  ],
  [
    "page.gif",
    'unsupported: "page.gif" is named like image/gif, but holds HTML. Use read_text_file to see what it says.',
  ],
  [
    "note.wav",
    'unsupported: "note.wav" is named like audio/wav, but holds text. Use read_text_file to see what it says.',
  ],
  [
    "pointer.png",
    'unsupported: "pointer.png" is named like image/png, but is only a Git LFS pointer to it. Fetch the file with git lfs pull first.',
  ],
  [
    "wide.png",
    'too_large: "wide.png" has 8001x10 pixels, and models take at most 8000 on a side. Scale it down first.',
  ],
  [
    "high.png",
    'too_large: "high.png" has 10x8001 pixels, and models take at most 8000 on a side. Scale it down first.',
  ],
  [
    "flat.png",
    'unsupported: "flat.png" is cut off or broken: it begins as image/png, but is not a whole image. Get a complete copy of it.',
  ],
])("%s is refused, and why is said", async (path, expected) => {
  expect(await server.error("read_media_file", { path })).toBe(expected);
});

test.each(Object.entries(IMAGES))(
  "a %s is given whole, with its size, and cut anywhere it is refused",
  async (name, make) => {
    const bytes = make(300, 200);
    server.folder.write("cut", bytes);
    const { content, blocks } = await server.ok("read_media_file", { path: "cut" });
    expect(content[0]).toMatchObject({ type: "image", mimeType: `image/${name}` });
    expect(blocks[1]).toContain(", 300x200 pixels, ");
    for (let length = 16; length < bytes.length; length += 1) {
      server.folder.write("cut", bytes.subarray(0, length));
      expect(await server.error("read_media_file", { path: "cut" })).toMatch(
        /^unsupported: "cut" is cut off or broken/,
      );
    }
  },
);

test("an image may have as many bytes as hosts take in base64, other files more", async () => {
  const around = png(9, 9, 1).length - 1;
  server.folder.write("most.png", png(9, 9, 3_932_160 - around));
  expect((await server.ok("read_media_file", { path: "most.png" })).blocks[1]).toMatch(/, 3932160 bytes$/);
  for (const extra of [1, 1_000_000]) {
    server.folder.write("more.png", png(9, 9, 3_932_160 - around + extra));
    expect(await server.error("read_media_file", { path: "more.png" })).toBe(
      `too_large: "more.png" has ${3_932_160 + extra} bytes, and an image may have at most 3932160. Scale it down or compress it first.`,
    );
  }
  server.folder.write("large.bin", Buffer.alloc(4_718_593));
  expect(await server.error("read_media_file", { path: "large.bin" })).toMatch(
    /^too_large: "large.bin" has 4718593 bytes, and at most 4718592 fit/,
  );
  server.folder.write("large.bin", Buffer.alloc(4_718_592));
  expect((await server.ok("read_media_file", { path: "large.bin" })).blocks[1]).toMatch(/, 4718592 bytes$/);
  expect(await server.error("read_media_file", { path: "." })).toMatch(/^invalid_input: /);
});
