import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { etagOf } from "../../src/text/etag.ts";
import { useServer } from "../call.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const server = useServer({
  files: {
    "picture.png": PNG,
    "picture.txt": PNG,
    "sound.bin": Buffer.from("RIFF\0\0\0\0WAVEfmt ", "latin1"),
    "drawing.svg": '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "song.mp3": Buffer.from("ID3\x03\0", "latin1"),
    "paper #1 é.pdf": "%PDF-1.7\n",
    "notes.md": "# Notes\n",
    "wide.txt": Buffer.from("\uFEFFhe", "utf16le"),
    "data.xyz": Buffer.from([1, 0, 3]),
    Makefile: "all:\n",
    "empty.png": "",
    "text.png": "no picture",
    "four.mp4": Buffer.from("\0\0\0\x18ftypisom", "latin1"),
    "photo.jpg": Buffer.from("\0\0\0\x18ftypavif", "latin1"),
    "a.txt": "a\nb\n",
    "open.txt": "no break",
    "long.txt": "0123456789\n".repeat(10_000),
    "longer.txt": "abcdefghi\n".repeat(20_000),
  },
});

test.each([
  ["picture.png", "image", "image/png"],
  ["picture.txt", "image", "image/png"],
  ["sound.bin", "audio", "audio/wav"],
  ["song.mp3", "audio", "audio/mpeg"],
])("%s is %s, of type %s", async (path, type, mimeType) => {
  const { value, blocks, content } = await server.ok("read_media_file", { path });
  expect(value).toEqual({});
  const bytes = server.folder.bytes(path);
  expect(blocks.at(-1)).toMatch(
    new RegExp(`: ${mimeType.replace(/[+.]/g, "\\$&")}, ${bytes.length} bytes?, etag ${etagOf(bytes)}$`),
  );
  // The first block, as in the answers of the official server.
  expect(content[0]).toMatchObject({ type, mimeType, data: bytes.toString("base64") });
});

test.each([
  ["paper #1 é.pdf", "application/pdf"],
  ["notes.md", "text/markdown"],
  ["wide.txt", "text/plain"],
  ["four.mp4", "video/mp4"],
  ["Makefile", "text/plain"],
  ["empty.png", "image/png"],
  ["text.png", "image/png"],
  ["drawing.svg", "image/svg+xml"],
  ["photo.jpg", "image/avif"],
  ["data.xyz", "application/octet-stream"],
])("%s is a resource of type %s", async (path, mimeType) => {
  const { value, blocks, content } = await server.ok("read_media_file", { path });
  expect(value).toEqual({});
  expect(blocks.at(-1)).toContain(`: ${mimeType}, `);
  const blob = server.folder.bytes(path).toString("base64");
  const uri = pathToFileURL(server.folder.at(path)).href;
  expect(content[0]).toMatchObject({ type: "resource", resource: { uri, mimeType, blob } });
});

test("a file that a message cannot carry is too large, one that it can is whole", async () => {
  server.folder.write("large.bin", Buffer.alloc(4_718_593));
  expect(await server.error("read_media_file", { path: "large.bin" })).toMatch(
    /^too_large: "large.bin" has 4718593 bytes, and at most 4718592 fit/,
  );
  server.folder.write("large.bin", Buffer.alloc(4_718_592));
  expect((await server.ok("read_media_file", { path: "large.bin" })).text).toContain(", 4718592 bytes, ");
  expect(await server.error("read_media_file", { path: "." })).toMatch(/^invalid_input: /);
});

test("several files are read, each with its own outcome", async () => {
  const { blocks } = await server.ok("read_multiple_files", {
    paths: ["a.txt", "nothing.txt", "picture.png", "open.txt", "a.txt"],
  });
  const [body = "", facts] = blocks;
  const a = `==> "a.txt" <== etag: ${etagOf(Buffer.from("a\nb\n"))}, lines 1-2 of 2, encoding utf-8\na\nb\n`;
  const parts = body.split(/\n(?===> )/);
  expect(parts[0]).toBe(a);
  expect(parts[1]).toMatch(/^==> "nothing.txt" <== not_found: "nothing.txt" does not exist/);
  expect(parts[2]).toMatch(/^==> "picture.png" <== unsupported: .*read_media_file/);
  expect(parts[3]).toMatch(/^==> "open.txt" <== .*, no line break at the end\nno break\n$/);
  expect(parts[4]).toBe(a);
  expect(facts).toBe("3 files read, 2 failed");
});

test("one budget is shared: small files are whole, and what is cut of others can be read on", async () => {
  const { blocks } = await server.ok("read_multiple_files", { paths: ["long.txt", "a.txt", "longer.txt"] });
  const [body = "", facts] = blocks;
  expect(body.length).toBeLessThan(40_000);
  expect(body.length).toBeGreaterThan(38_000);
  expect(body).toContain("\na\nb\n");
  expect(facts).toMatch(/^3 files read, some are cut/);
  for (const [name, line] of [
    ["long.txt", 11],
    ["longer.txt", 10],
  ] as const) {
    const [, header = "", text = ""] = new RegExp(`==> "${name}" <== ([^\n]*)\n([^=]*)`).exec(body) ?? [];
    const next = Number(/next offset (\d+)/.exec(header)?.[1]);
    expect(text.trimEnd().length + 1).toBe((next - 1) * line);
    expect(text.length).toBeGreaterThan(18_000);
  }
});

test("a hundred files and their errors fit", async () => {
  const paths = Array.from({ length: 100 }, (_, at) => `${"missing/".repeat(10)}${at}`);
  const { blocks } = await server.ok("read_multiple_files", { paths });
  expect(blocks[0]?.match(/<== not_found: /g)?.length).toBe(100);
  const long = Array.from({ length: 100 }, () => "long.txt");
  const { blocks: shared } = await server.ok("read_multiple_files", { paths: long });
  expect(shared[0]?.match(/next offset \d+\n/g)?.length).toBe(100);
  expect(await server.error("read_multiple_files", { paths: [] })).toMatch(/^invalid_input/);
  expect(await server.error("read_multiple_files", { paths: [...paths, "x"] })).toMatch(/^invalid_input/);
});
