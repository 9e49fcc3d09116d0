import { chmodSync, statSync, symlinkSync, truncateSync } from "node:fs";
import { expect, test } from "vitest";
import { etagOf } from "../../src/text/etag.ts";
import { useServer } from "../use-server.ts";

const server = useServer({ files: { "there.txt": "old\n", "folder/inside.txt": "" } });

test("a new file is created, and the answer says its type", async () => {
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
    /^conflict: the file does not exist, so its etag/,
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
  [{ path: "half.txt", content: "\ud83d" }, /^invalid_input: content contains half of a character/],
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

test.each([
  ["CRLF", "a\r\nb\r\n", "x\ny\n", "x\r\ny\r\n", "line ends written as CRLF, as in the file before"],
  ["CRLF, given CRLF", "a\r\nb\r\n", "x\r\ny\r\n", "x\r\ny\r\n", undefined],
  ["CRLF, given both", "a\r\nb\r\n", "x\r\ny\n", "x\r\ny\n", "line ends changed from CRLF to mixed"],
  ["CRLF, given a lone CR", "a\r\nb\r\n", "x\ry\n", "x\ry\n", "line ends changed from CRLF to LF"],
  ["CRLF, given one line", "a\r\nb\r\n", "x", "x", undefined],
  ["LF", "a\nb\n", "x\ny\n", "x\ny\n", undefined],
  ["LF, given CRLF", "a\nb\n", "x\r\n", "x\r\n", "line ends changed from LF to CRLF"],
  ["both", "a\r\nb\n", "x\ny\n", "x\ny\n", undefined],
  ["no line end", "a", "x\ny\n", "x\ny\n", undefined],
])("over a file with %s, line ends are kept or what changes is said", async (_, before, content, after, note) => {
  server.folder.write("ends.txt", before);
  const { value, text } = await server.ok("write_file", { path: "ends.txt", content });
  expect(server.folder.read("ends.txt")).toBe(after);
  expect(value.note).toBe(note);
  expect(text).toContain(note ?? "Replaced ends.txt");
});

test("over a file in UTF-16, encoding, mark and line ends are kept, with a mark or without", async () => {
  for (const mark of ["\uFEFF", ""]) {
    server.folder.write("wide-ends.txt", Buffer.from(`${mark}one line\r\nand another\r\n`, "utf16le"));
    const { value } = await server.ok("write_file", { path: "wide-ends.txt", content: "new\ntext\n" });
    expect(server.folder.bytes("wide-ends.txt")).toEqual(Buffer.from(`${mark}new\r\ntext\r\n`, "utf16le"));
    expect(value.encoding).toBe(`utf-16le${mark && " with byte order mark"}`);
  }
});

test("over a file in an encoding that it does not tell, the answer says that it is UTF-8 now", async () => {
  server.folder.write("latin.txt", Buffer.from("caf\xe9 na\xefve\r\n", "latin1"));
  const { value } = await server.ok("write_file", { path: "latin.txt", content: "café\n" });
  expect(value.note).toMatch(/CRLF.*; the file was not UTF-8 before, and is now: pass its encoding to keep it$/);
  expect(server.folder.read("latin.txt")).toBe("café\r\n");
});

test("append adds to the end, keeps every byte before it, and creates what is missing", async () => {
  const bad = Buffer.concat([
    Buffer.from("a log line that is long enough\r\nbad "),
    Buffer.from([0xff]),
    Buffer.from(" byte\r\n"),
  ]);
  server.folder.write("log.txt", bad);
  const { value, text } = await server.ok("write_file", { path: "log.txt", content: "née\nx\n", append: true });
  const after = Buffer.concat([bad, Buffer.from("née\r\nx\r\n")]);
  expect(server.folder.bytes("log.txt")).toEqual(after);
  expect(value).toMatchObject({ created: false, bytes: after.length, etag: etagOf(after) });
  expect(text).toMatch(/^Extended log\.txt: .*line ends written as CRLF/);
  const created = await server.ok("write_file", { path: "log-new.txt", content: "x\n", append: true });
  expect(created.value).toMatchObject({ created: true });
  server.folder.write("open.txt", "no end");
  expect((await server.ok("write_file", { path: "open.txt", content: "ing", append: true })).value.note).toMatch(
    /did not end with a line break/,
  );
  expect(server.folder.read("open.txt")).toBe("no ending");
  server.folder.write("wide-log.txt", Buffer.from("\uFEFFa\n", "utf16le"));
  await server.ok("write_file", { path: "wide-log.txt", content: "é\n", append: true });
  expect(server.folder.bytes("wide-log.txt")).toEqual(Buffer.from("\uFEFFa\né\n", "utf16le"));
});

test("append is refused where it would spoil the file", async () => {
  const latin = Buffer.from("caf\xe9 na\xefve\n", "latin1");
  server.folder.write("latin-log.txt", latin);
  const args = { path: "latin-log.txt", content: "é\n", append: true };
  expect(await server.error("write_file", args)).toMatch(/^unsupported: .* in windows-1252/);
  expect(server.folder.bytes("latin-log.txt")).toEqual(latin);
  await server.ok("write_file", { ...args, encoding: "windows-1252" });
  await server.ok("write_file", { ...args, content: "plain\n" });
  expect(server.folder.bytes("latin-log.txt")).toEqual(Buffer.concat([latin, Buffer.from("\xe9\nplain\n", "latin1")]));
  server.folder.write("some.bin", Buffer.from([1, 0, 2, 255]));
  expect(await server.error("write_file", { path: "some.bin", content: "x", append: true })).toMatch(/^unsupported: /);
  expect(await server.error("write_file", { path: "x", content: "x", append: true, create_only: true })).toMatch(
    /^invalid_input: create_only is for a new file, and append/,
  );
  const expected_etag = etagOf(Buffer.from("old state"));
  expect(await server.error("write_file", { ...args, content: "x", expected_etag })).toMatch(
    /^conflict: the file has changed/,
  );
  expect(await server.error("write_file", { path: "none.log", content: "x", append: true, expected_etag })).toMatch(
    /^conflict: the file does not exist/,
  );
});

test("of texts that are appended at once, all are there, each whole", async () => {
  server.folder.write("together.log", "");
  const lines = Array.from({ length: 6 }, (_, at) => `${at} ${"x".repeat(1000)}\n`);
  await Promise.all(lines.map((content) => server.ok("write_file", { path: "together.log", content, append: true })));
  expect(
    server.folder
      .read("together.log")
      .split(/(?<=\n)/)
      .sort(),
  ).toEqual(lines);
});

test("missing directories are created on request", async () => {
  const args = { path: "new/deep/er/file.txt", content: "x" };
  expect(await server.error("write_file", args)).toMatch(/^not_found: /);
  expect(server.folder.list()).not.toContain("new");
  const { value } = await server.ok("write_file", { ...args, create_parents: true });
  expect(value).toMatchObject({ created: true, note: "missing directories were created" });
  expect(server.folder.read("new/deep/er/file.txt")).toBe("x");
  expect((await server.ok("write_file", { ...args, create_parents: true })).value).not.toHaveProperty("note");
  await server.ok("write_file", { path: "new/other/log.txt", content: "x", create_parents: true, append: true });
  expect(await server.error("write_file", { path: "there.txt/x/y", content: "", create_parents: true })).toMatch(
    /^invalid_input: /,
  );
  expect(await server.error("write_file", { path: "../out/x", content: "", create_parents: true })).toMatch(
    /^access_denied: /,
  );
});

test("a name that is not what it seems is shown escaped", async () => {
  const { value } = await server.ok("write_file", { path: "Shot at 9.41\u202fAM.txt", content: "x" });
  expect(value.note).toBe('the name is "Shot at 9.41\\u{202f}AM.txt"');
  expect((await server.ok("write_file", { path: "größe.txt", content: "x" })).value).not.toHaveProperty("note");
});
