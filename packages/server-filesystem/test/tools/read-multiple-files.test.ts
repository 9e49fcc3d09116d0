import { expect, test } from "vitest";
import { etagOf } from "../../src/text/etag.ts";
import { useServer } from "../use-server.ts";

const server = useServer({
  files: {
    "picture.png": Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
    "a.txt": "a\nb\n",
    "open.txt": "no break",
    "long.txt": "0123456789\n".repeat(10_000),
    "longer.txt": "abcdefghi\n".repeat(20_000),
  },
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

test("one budget is shared: small files are complete, and cut ones can be read on", async () => {
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
