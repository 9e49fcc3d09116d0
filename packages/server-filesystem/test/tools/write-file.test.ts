import { chmodSync, statSync, symlinkSync, truncateSync } from "node:fs";
import { expect, test } from "vitest";
import { etagOf } from "../../src/text/etag.ts";
import { useServer } from "../use-server.ts";

const server = useServer({ files: { "there.txt": "old\n", "folder/inside.txt": "" } });

test("a new file is made, and the answer says what it is", async () => {
  const { value, text } = await server.ok("write_file", { path: "new.txt", content: "é\n" });
  const etag = etagOf(Buffer.from("é\n"));
  expect(value).toEqual({ path: "new.txt", etag, bytes: 3, encoding: "utf-8", created: true });
  expect(text).toBe(`Created new.txt: 3 bytes, encoding utf-8, etag ${etag}`);
  expect(server.folder.read("new.txt")).toBe("é\n");
});

test("a file is replaced whole, and keeps its mode", async () => {
  chmodSync(server.folder.at("there.txt"), 0o640);
  const { value } = await server.ok("write_file", { path: "there.txt", content: "" });
  expect(value).toMatchObject({ bytes: 0, created: false });
  expect(statSync(server.folder.at("there.txt"))).toMatchObject({ size: 0 });
  expect(statSync(server.folder.at("there.txt")).mode & 0o7777).toBe(0o640);
});

test("with expected_etag, only the state that was read is replaced", async () => {
  server.folder.write("state.txt", "a");
  const expected_etag = etagOf(Buffer.from("a"));
  await server.ok("write_file", { path: "state.txt", content: "b", expected_etag });
  expect(await server.error("write_file", { path: "state.txt", content: "c", expected_etag })).toMatch(
    /^conflict: the file has changed since that etag was read\. Nothing was written\. Read it again, and pass the etag/,
  );
  expect(server.folder.read("state.txt")).toBe("b");
  expect(await server.error("write_file", { path: "gone.txt", content: "c", expected_etag })).toMatch(
    /^conflict: the file does not exist/,
  );
  expect(server.folder.list()).not.toContain("gone.txt");
});

test("of writes that are meant for one state, one is made", async () => {
  server.folder.write("race.txt", "start");
  const expected_etag = etagOf(Buffer.from("start"));
  const write = (content: string) =>
    server.client().callTool({ name: "write_file", arguments: { path: "race.txt", content, expected_etag } });
  const results = await Promise.all(["a", "b", "c", "d"].map(write));
  expect(results.filter(({ isError }) => !isError).length).toBe(1);
});

test("with create_only, nothing is replaced, and one of many creates", async () => {
  expect(await server.error("write_file", { path: "folder/inside.txt", content: "x", create_only: true })).toMatch(
    /^already_exists: "folder\/inside.txt"/,
  );
  const write = () =>
    server.client().callTool({ name: "write_file", arguments: { path: "once.txt", content: "x", create_only: true } });
  const results = await Promise.all([write(), write(), write(), write()]);
  expect(results.filter(({ isError }) => !isError).length).toBe(1);
  expect(await server.error("write_file", { path: "x", content: "", create_only: true, expected_etag: "e" })).toMatch(
    /^invalid_input: create_only is for a new file/,
  );
});

test("writes of one new file at once leave one of them, whole", async () => {
  const contents = Array.from({ length: 8 }, (_, at) => String(at).repeat(100_000));
  const results = await Promise.all(contents.map((content) => server.ok("write_file", { path: "many.txt", content })));
  expect(results.filter(({ value }) => value.created === true).length).toBe(1);
  expect(contents).toContain(server.folder.read("many.txt"));
});

test.each([
  ["utf-8", "\uFEFFold", "utf8"],
  ["utf-16le", "\uFEFFold", "utf16le"],
] as const)("a file with a byte order mark of %s keeps it", async (name, old, encoding) => {
  server.folder.write("marked.txt", Buffer.from(old, encoding));
  const { value } = await server.ok("write_file", { path: "marked.txt", content: "é" });
  expect(value.encoding).toBe(`${name} with byte order mark`);
  expect(server.folder.bytes("marked.txt")).toEqual(Buffer.from("\uFEFFé", encoding));
  await server.ok("write_file", { path: "marked.txt", content: "\uFEFFonce" });
  expect(server.folder.bytes("marked.txt")).toEqual(Buffer.from("\uFEFFonce", encoding));
  await server.ok("write_file", { path: "marked.txt", content: "é", encoding: "utf-8" });
  expect(server.folder.bytes("marked.txt")).toEqual(Buffer.from("é"));
});

test("an encoding that is named is written", async () => {
  await server.ok("write_file", { path: "cp.txt", content: "жук", encoding: "windows-1251" });
  expect(server.folder.bytes("cp.txt")).toEqual(Buffer.from([0xe6, 0xf3, 0xea]));
  await server.ok("write_file", { path: "wide.txt", content: "a", encoding: "utf-16le" });
  expect(server.folder.bytes("wide.txt")).toEqual(Buffer.from("\uFEFFa", "utf16le"));
  expect(await server.error("write_file", { path: "cp.txt", content: "é", encoding: "windows-1251" })).toMatch(
    /^invalid_input: content has characters that windows-1251 lacks: "é" \(U\+00E9\)/,
  );
  expect(await server.error("write_file", { path: "cp.txt", content: "é", encoding: "x" })).toMatch(/^invalid_input: /);
});

test.each([
  [
    { path: "no/where.txt", content: "" },
    /^not_found: "no\/where.txt" cannot be made: its directory does not exist\. Make it with create_directory\.$/,
  ],
  [{ path: "folder", content: "" }, /^invalid_input: "folder" is a directory\. Use list_directory/],
  [{ path: ".", content: "" }, /^invalid_input: /],
  [{ path: "there.txt/x", content: "" }, /^invalid_input: "there.txt\/x"/],
  [{ path: "half.txt", content: "\ud83d" }, /^invalid_input: content has half of a character/],
])("%j is refused", async (args, expected) => {
  expect(await server.error("write_file", args)).toMatch(expected);
});

test("a link that leads to nothing is not written through", async () => {
  symlinkSync("nothing.txt", server.folder.at("dangling.txt"));
  expect(await server.error("write_file", { path: "dangling.txt", content: "x" })).toMatch(
    /^access_denied: "dangling.txt"/,
  );
  expect(server.folder.list()).not.toContain("nothing.txt");
});

test("the etag of a file that is too large to hold guards it too", async () => {
  server.folder.write("large.txt", "a\n");
  truncateSync(server.folder.at("large.txt"), 1 << 30);
  const { blocks } = await server.ok("read_text_file", { path: "large.txt", head: 1 });
  const expected_etag = /etag: (s\.[^,]+)/.exec(blocks[1] ?? "")?.[1];
  const wrong = await server.error("write_file", {
    path: "large.txt",
    content: "b",
    expected_etag: "AAAAAAAAAAAAAAAA",
  });
  expect(wrong).toMatch(/^conflict: /);
  expect(wrong).not.toContain(expected_etag);
  await server.ok("write_file", { path: "large.txt", content: "b", expected_etag });
  expect(server.folder.read("large.txt")).toBe("b");
});
