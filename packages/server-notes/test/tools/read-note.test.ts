import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { etagOf } from "../../src/etag.ts";
import { useServer } from "../use-server.ts";

const LONG = Array.from({ length: 5000 }, (_, at) => `line ${at + 1} ${"x".repeat(20)}\n`).join("");
const server = useServer({
  "projects/roadmap.md": "---\ntitle: Roadmap\n---\n# Roadmap\n\n## Goals\n\n- ship\n\n## Risks\n\nnone\n",
  "a/Twin.md": "a\n",
  "b/Twin.md": "b\n",
  "Straße.md": "s\n",
  "broken.md": "---\ntags: [a\n---\nstill here\n",
  "long.md": LONG,
  "one-line.md": "y".repeat(100_000),
  "windows.md": "\uFEFF# W\r\n\r\ntext\r\n",
  "empty.md": "",
  ".hidden/secret.md": "no",
});

test("the body is exact, and the line of facts has the etag of the bytes", async () => {
  const { blocks } = await server.ok("read_note", { note: "projects/roadmap.md" });
  expect(blocks).toEqual([
    server.folder.read("projects/roadmap.md"),
    `path: projects/roadmap.md, etag: ${etagOf(server.folder.bytes("projects/roadmap.md"))}, lines 1-12 of 12`,
  ]);
});

test.each(["projects/roadmap.md", "projects/roadmap", "Roadmap", "./projects//roadmap.md"])(
  "%j names the note",
  async (note) => {
    expect((await server.ok("read_note", { note })).text).toContain("path: projects/roadmap.md");
  },
);

test("a section, and a range of lines, with numbers of lines in the note", async () => {
  const { blocks } = await server.ok("read_note", { note: "Roadmap", section: "Goals" });
  expect(blocks[0]).toBe("## Goals\n\n- ship\n\n");
  expect(blocks[1]).toMatch(/, lines 6-9 of 12, section has 4 lines$/);
  const part = await server.ok("read_note", { note: "Roadmap", offset: 4, limit: 2 });
  expect(part.blocks[0]).toBe("# Roadmap\n\n");
  expect(part.blocks[1]).toMatch(/, lines 4-5 of 12, next offset 6$/);
});

test("pages of a long note join to the note", async () => {
  let text = "";
  let offset: string | undefined = "1";
  while (offset !== undefined) {
    const { blocks } = await server.ok("read_note", { note: "long.md", offset: Number(offset) });
    text += blocks[0];
    offset = /next offset (\d+)/.exec(blocks[1] ?? "")?.[1];
  }
  expect(text).toBe(LONG);
});

test("a line that is too long is cut, and this is said", async () => {
  const { blocks } = await server.ok("read_note", { note: "one-line.md" });
  const [, shown] = /line 1 is cut after (\d+) characters/.exec(blocks[1] ?? "") ?? [];
  expect(blocks[0]?.length).toBe(Number(shown));
});

test("a byte order mark is not shown, line ends are", async () => {
  expect((await server.ok("read_note", { note: "windows.md" })).blocks[0]).toBe("# W\r\n\r\ntext\r\n");
});

test("broken front matter is reported, and the note is readable", async () => {
  const { blocks } = await server.ok("read_note", { note: "broken.md" });
  expect(blocks[0]).toContain("still here");
  expect(blocks[1]).toMatch(/front matter is not understood: line \d/);
});

test("an empty note has no lines", async () => {
  expect((await server.ok("read_note", { note: "empty.md" })).blocks[1]).toMatch(/, no lines of 0$/);
  expect(await server.error("read_note", { note: "Roadmap", offset: 100 })).toMatch(
    /^invalid_input: offset 100 is past the end/,
  );
});

test("an ambiguous title lists the paths", async () => {
  expect(await server.error("read_note", { note: "Twin" })).toMatch(
    /^invalid_input: 2 notes are called "Twin": "a\/Twin.md", "b\/Twin.md"/,
  );
});

test("an unknown note is refused with the nearest", async () => {
  expect(await server.error("read_note", { note: "Raodmap" })).toMatch(
    /^not_found: there is no note "Raodmap". Nearest: .*"projects\/roadmap.md"/,
  );
});

test.each([
  "../x.md",
  "/etc/passwd",
  "a/../../x",
  "C:\\x.md",
  "\\\\server\\x",
  ".hidden/secret.md",
  ".hidden/secret",
  "a/../b/Twin.md",
])("%j is refused at once", async (note) => {
  expect(await server.error("read_note", { note })).toMatch(/^access_denied: /);
});

test("a title that looks like a path is still found", async () => {
  server.folder.write("paths.md", "# ../etc/passwd\n");
  server.folder.write("slash.md", "# /root or so\n");
  expect((await server.ok("read_note", { note: "../etc/passwd" })).text).toContain("path: paths.md");
  expect((await server.ok("read_note", { note: "/root or so" })).text).toContain("path: slash.md");
});

test.each(["a\0b.md", "x".repeat(2000), "x/".repeat(5000), "\u{202e}dm.x", "a\nb", "%2e%2e/x", "~/x.md", " "])(
  "the odd name %j is refused",
  async (note) => {
    expect(await server.error("read_note", { note })).toMatch(/^(?:not_found|invalid_input): /);
  },
);

test("anything but a text file is reported", async () => {
  server.folder.write("binary.md", Buffer.from([0xff, 0xfe, 0x00, 0x41]));
  expect(await server.error("read_note", { note: "binary.md" })).toMatch(/^unsupported: "binary.md" is not UTF-8 text/);
  symlinkSync("/etc/hostname", path.join(server.folder.path, "link.md"));
  expect(await server.error("read_note", { note: "link.md" })).toMatch(/^access_denied: "link.md" is a symbolic link/);
  mkdirSync(path.join(server.folder.path, "folder.md"));
  expect(await server.error("read_note", { note: "folder.md" })).toMatch(
    /^access_denied: "folder.md" is not a regular file/,
  );
});

test("several notes are read with one call, each with its line of facts", async () => {
  const { blocks } = await server.ok("read_note", { notes: ["Roadmap", "Straße", "Roadmap", "Nowhere"] });
  expect(blocks).toEqual([
    server.folder.read("projects/roadmap.md"),
    expect.stringContaining("path: projects/roadmap.md, etag: "),
    "s\n",
    expect.stringContaining("path: Straße.md, etag: "),
    expect.stringMatching(/^"Nowhere" was not read\. not_found: /),
  ]);
  expect(await server.error("read_note", { notes: ["Nowhere", "Twin"] })).toMatch(/^not_found: /);
  expect(await server.error("read_note", {})).toMatch(/^invalid_input: pass note/);
  expect(await server.error("read_note", { note: "Roadmap", notes: ["Roadmap"] })).toMatch(
    /^invalid_input: .*not both/,
  );
});

test("several notes fit one answer, and those without room are named", async () => {
  const { blocks } = await server.ok("read_note", { notes: ["long", "one-line", "Roadmap"] });
  expect(blocks.join("\n").length).toBeLessThan(40_000);
  expect(blocks[1]).toMatch(/next offset \d+/);
  expect(blocks.at(-1)).toMatch(/^There was no room for .*"Roadmap"\. Read them? with another call\.$/);
});
