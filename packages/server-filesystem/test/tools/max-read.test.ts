import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const text = Array.from({ length: 300 }, (_, at) => `line ${at + 1}\n`).join("");
const server = useServer({ files: { "over.txt": text, "under.txt": "a\n" }, args: ["--max-read", "1000"] });

test("a file over --max-read is read by lines, and written with the etag that this gave", async () => {
  const { blocks } = await server.ok("read_text_file", { path: "over.txt", tail: 2 });
  expect(blocks[0]).toBe("line 299\nline 300\n");
  expect(blocks[1]).toMatch(/^etag: s\.\S+, last 2 lines, file has \d+ bytes, encoding utf-8$/);
  expect((await server.ok("read_text_file", { path: "over.txt", tail: 999 })).blocks).toEqual([
    text,
    expect.stringMatching(/, lines 1-300, file has \d+ bytes, encoding utf-8$/),
  ]);
  const expected_etag = /etag: ([^,]+)/.exec(blocks[1] ?? "")?.[1];
  await server.ok("write_file", { path: "over.txt", content: text, expected_etag });
  expect(await server.error("write_file", { path: "over.txt", content: "x", expected_etag })).toMatch(/^conflict: /);
});

test("it is neither edited nor given whole", async () => {
  const edits = [{ oldText: "line 7\n", newText: "" }];
  expect(await server.error("edit_file", { path: "over.txt", edits })).toBe(
    'too_large: "over.txt" is larger than the 1000 bytes that can be changed (--max-read). write_file replaces a file of any size.',
  );
  expect(await server.error("read_media_file", { path: "over.txt" })).toMatch(
    /^too_large: "over.txt" has \d+ bytes, and at most 1000/,
  );
  expect((await server.ok("read_text_file", { path: "under.txt" })).blocks[1]).toMatch(/lines 1-1 of 1/);
});
