import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { useServer } from "@org/server-kit/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { newRepository } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [path] });
const read = async (path: string, more: Record<string, unknown> = {}) =>
  (await ok("git_read_file", { repo_path: "site", path, ...more })).blocks;

const CONTENT = "one line\nanother\n";
const OID = createHash("sha256").update(CONTENT).digest("hex");
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize ${CONTENT.length}\n`;

beforeAll(() => {
  const git = newRepository(folder.at("site"));
  git.write("docs/a.md", "first\r\nsecond\r\nthird");
  git.write(Buffer.from("caf\xe9", "latin1"), Buffer.from("caf\xe9\n", "latin1"));
  git.write("\ttab\n.txt", "odd\n");
  git.write("wide.txt", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("ein\nzwei\n", "utf16le")]));
  git.write("hidden.txt", "a\u200bb\n");
  git.write("pic.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]));
  git.write("asset.bin", POINTER);
  git.write("long.txt", `${"x".repeat(100_000)}\nend\n`);
  git.write("empty.txt", "");
  symlinkSync("/etc/hostname", folder.at("site/link"));
  git("update-index", "--add", "--cacheinfo", "160000,1234567890123456789012345678901234567890,lib");
  git.run(["add", "--all", ":!lib"]);
  git("commit", "-q", "-m", "First");
  git("tag", "v1");
  git.write("docs/a.md", "staged\n");
  git("add", "docs/a.md");
  git.write("docs/a.md", "unstaged\n");
});

test("lines come byte for byte, from any revision or the index, in parts", async () => {
  expect((await read("docs/a.md"))[0]).toBe("first\r\nsecond\r\nthird");
  expect((await read("./docs//a.md", { revision: "v1", offset: 2, limit: 1 }))[0]).toBe("second\r\n");
  const [text, facts] = await read("docs/a.md", { revision: ":0" });
  expect(text).toBe("staged\n");
  expect(facts).toMatch(/^docs\/a\.md in the index, lines 1 to 1 of 1, work tree .*site, branch main$/);
  expect((await read("docs/a.md", { offset: 1, limit: 2 }))[1]).toContain("lines 1 to 2 of 3, next offset: 3");
  expect((await read("empty.txt"))[1]).toContain("empty.txt in HEAD, empty");
  expect(await error("git_read_file", { repo_path: "site", path: "docs/a.md", offset: 9 })).toMatch(
    /offset 9 is past the end: there are 3 lines/,
  );
});

test("names of any bytes are listed, and can be read by the listed name", async () => {
  const [listing, facts] = await read(".");
  expect(listing?.split("\n")).toEqual(
    expect.arrayContaining([
      "docs/",
      '"caf\\351" 5 bytes',
      '"\\ttab\\n.txt" 4 bytes',
      "link (symbolic link)",
      "lib (submodule at 123456789012)",
    ]),
  );
  expect(facts).toMatch(/^\. in HEAD, entries 1 to \d+ of \d+/);
  const [text, about] = await read('"caf\\351"');
  expect(text).toBe("caf⟨byte E9⟩\n");
  expect(about).toContain("1 byte here is not UTF-8 and shown as ⟨byte …⟩");
  expect((await read('"\\ttab\\n.txt"'))[0]).toBe("odd\n");
});

test("entries that are not files are reported as what they are", async () => {
  expect(await read("wide.txt")).toMatchObject([
    "\ufeffein\nzwei\n".replace("\ufeff", ""),
    expect.stringContaining("read as utf-16le"),
  ]);
  expect((await read("hidden.txt"))[1]).toContain("1 invisible character in these lines");
  expect(await read("link")).toMatchObject([
    "/etc/hostname",
    expect.stringContaining("a symbolic link: this is its target"),
  ]);
  expect((await read("lib"))[0]).toMatch(/^lib in HEAD: a submodule at commit 1234567890/);
  const [text, facts] = await read("long.txt");
  expect(text).toMatch(/^x+…\n$/);
  expect(facts).toContain("lines 1 to 1 of 2, next offset: 2, a long line is shortened");
  const words = await error("git_read_file", { repo_path: "site", path: "pic.png" });
  expect(words).toMatch(
    /^unsupported: "pic\.png" is binary, 6 bytes\. The resource git:\/\/\S+\/HEAD\/pic\.png has the bytes/,
  );
});

describe("Git LFS", () => {
  const store = () => folder.at(`site/.git/lfs/objects/${OID.slice(0, 2)}/${OID.slice(2, 4)}`);

  test("a pointer is named as such; the content comes from the local store when it is there", async () => {
    expect(await read("asset.bin")).toMatchObject([
      POINTER,
      expect.stringContaining("Git LFS pointer: its content, 17 bytes, is not in the local store"),
    ]);
    mkdirSync(store(), { recursive: true });
    writeFileSync(`${store()}/${OID}`, CONTENT);
    expect(await read("asset.bin")).toMatchObject([
      CONTENT,
      expect.stringContaining("Git LFS: content from the local store"),
    ]);
  });

  test("a store that contains something else, or leads outside, is not used", async () => {
    writeFileSync(`${store()}/${OID}`, "x".repeat(CONTENT.length));
    expect((await read("asset.bin"))[0]).toBe(POINTER);
    rmSync(`${store()}/${OID}`);
    folder.write("outside.txt", CONTENT);
    symlinkSync(folder.at("outside.txt"), `${store()}/${OID}`);
    expect((await read("asset.bin"))[0]).toBe(POINTER);
  });
});

test("the sides of a conflict can be read", async () => {
  const git = newRepository(folder.at("conflict"));
  git.write("f", "base\n");
  git.commit("Base");
  git("checkout", "-q", "-b", "other");
  git.write("f", "theirs\n");
  git.commit("Theirs");
  git("checkout", "-q", "main");
  git.write("f", "ours\n");
  git.commit("Ours");
  expect(() => git("merge", "other")).toThrow();
  const side = async (revision: string) =>
    (await ok("git_read_file", { repo_path: "conflict", path: "f", revision })).blocks[0];
  expect(await Promise.all([":1", ":2", ":3"].map(side))).toEqual(["base\n", "ours\n", "theirs\n"]);
  expect(await error("git_read_file", { repo_path: "conflict", path: "f", revision: ":0" })).toMatch(
    /^not_found: "f" is in conflict\. Pass revision :1/,
  );
});

test.each([
  ["../conflict/f", /^access_denied/],
  [".git/config", /^access_denied/],
  ["/etc/hostname", /^access_denied/],
  ["docs/none.md", /^not_found: "docs\/none\.md" is not in HEAD\./],
  ["docs/no\u202ene.md", /^not_found: "docs\/no\\342\\200\\256ne\.md" is not in HEAD\./],
  ["link/hostname", /^not_found/],
  ["docs/a.md\0", /^invalid_input/],
  ["*", /^not_found/],
])("%j is refused", async (path, words) => {
  expect(await error("git_read_file", { repo_path: "site", path })).toMatch(words);
});
