import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { call, connect, type Folder, isHeavy, makeFolder, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { notesServer } from "../src/server.ts";
import { useServer } from "./use-server.ts";

const SECRET = "SECRET-OUTSIDE";
const READS: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ["list_notes", { limit: 200 }],
  ["search_notes", { query: "word OR SECRET" }],
  ["list_tags", {}],
  ["get_links", { note: "Good.md" }],
];

describe("a folder full of traps", () => {
  const outside = makeFolder({ "secret.md": `# ${SECRET}\n\n#secret-tag word\n`, "deep/more.md": SECRET });
  const links =
    "[[Good two]] [[link]] [[fifo]] [x](linked/more.md) ![[picture.png]] [[../secret]] [up](../../other.md)";
  const server = useServer({ "Good.md": `word #tag ${links}\n`, "Good two.md": "word [[Good]]\n" });

  const ODD = ["new\nline.md", "\u202Egnp.md", "bell\u0007.md", "\u200Bhidden.md"];

  test("is set", () => {
    const here = (name: string) => path.join(server.folder.path, name);
    symlinkSync(path.join(outside.path, "secret.md"), here("link.md"));
    symlinkSync(outside.path, here("linked"));
    symlinkSync(".", here("loop"));
    symlinkSync("/dev/zero", here("zero.md"));
    symlinkSync(path.join(outside.path, "secret.md"), here("picture.png"));
    execFileSync("mkfifo", [here("fifo.md"), here("fifo.png")]);
    server.folder.write(".dot.md", `${SECRET} word #odd-tag\n`);
    for (const name of ODD) server.folder.write(name, "word\n");
    writeFileSync(
      Buffer.concat([Buffer.from(`${server.folder.path}/latin-`), Buffer.from([0xe9]), Buffer.from(".md")]),
      SECRET,
    );
    server.folder.write(".git/config.md", SECRET);
    expect(readdirSync(server.folder.path).length).toBeGreaterThan(12);
  });

  test("a socket is not a note", async () => {
    const socket = createServer().listen(path.join(server.folder.path, "socket.md"));
    expect(await server.error("read_note", { note: "socket.md" })).toMatch(/^access_denied: /);
    socket.close();
  });

  test("none of its contents is listed, found, linked or reported", async () => {
    for (const [tool, args] of READS) {
      const { text, value } = await server.ok(tool, args);
      expect(text + JSON.stringify(value)).not.toContain(SECRET);
      expect(text).not.toMatch(/secret-tag|odd-tag|link\.md|fifo\.md|zero|latin|\.dot/);
    }
    const { value } = await server.ok("list_notes", {});
    expect(value).toMatchObject({ total: 2 + ODD.length });
    const found = await server.ok("get_links", { note: "Good" });
    expect(found.value).toMatchObject({ outgoing: [{ path: "Good two.md" }], outgoing_total: 1, broken_total: 6 });
    const { resources } = await server.client().listResources();
    const uris = ["Good two.md", "Good.md", ...ODD].map((name) => `notes:///${encodeURIComponent(name)}`);
    expect(resources.map(({ uri }) => uri).sort()).toEqual(uris.sort());
  });

  test("names that could forge lines or look like others are shown with invisible characters escaped", async () => {
    const { text } = await server.ok("list_notes", {});
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is what must not be there
    expect(text).not.toMatch(/[\u202E\u0007\u200B]|^line\.md/mu);
    for (const shown of ["new\\u{a}line.md", "\\u{202e}gnp.md", "bell\\u{7}.md", "\\u{200b}hidden.md"]) {
      expect(text).toContain(shown);
      expect((await server.ok("read_note", { note: shown })).blocks[0]).toBe("word\n");
    }
  });

  test.each([
    "link.md",
    "linked/secret.md",
    "linked/deep/more.md",
    "loop/Good.md",
    "zero.md",
    "fifo.md",
    ".dot.md",
    ".git/config.md",
  ])("%s is refused by every tool, without waiting for a writer", async (note) => {
    const attempts: readonly (readonly [string, Record<string, unknown>])[] = [
      ["read_note", { note }],
      ["edit_note", { note, operation: "append", content: "x" }],
      ["move_note", { note, to: "moved.md" }],
      ["delete_note", { note }],
      ["get_links", { note }],
    ];
    for (const [tool, args] of attempts) {
      const text = await server.error(tool, args);
      expect(text).toMatch(/^(?:access_denied|not_found|invalid_input): /);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(outside.path);
    }
    await expect(server.client().readResource({ uri: `notes:///${note}` })).rejects.toMatchObject({ code: -32602 });
  });

  test.each([
    ["create_note", { title: "x", content: "x", folder: "linked" }],
    ["create_note", { title: "link", content: "x" }],
    ["create_note", { title: "x", content: "x", folder: "fifo.md" }],
    ["move_note", { note: "Good two", to: "linked/out.md" }],
    ["move_note", { note: "Good two", to: "link.md" }],
    ["restore_note", { note: "linked/secret.md" }],
    ["open_daily_note", { date: "../../../x" }],
  ] as const)("%s %j writes nothing outside", async (tool, args) => {
    const text = await server.error(tool, args);
    expect(text).not.toContain(outside.path);
    expect(readdirSync(outside.path).sort()).toEqual(["deep", "secret.md"]);
    expect(outside.read("secret.md")).toContain(SECRET);
  });

  test("sweeps over all notes pass the traps by", async () => {
    expect((await server.ok("rename_tag", { from: "tag", to: "label" })).value).toMatchObject({
      notes: ["Good.md"],
      failed: [],
    });
    expect((await server.ok("move_note", { note: "Good two", to: "Better.md" })).value).toMatchObject({
      rewritten: ["Good.md"],
    });
    expect(outside.read("secret.md")).toContain("#secret-tag");
    outside.remove();
  });

  test("a trash or a journal that leads outside is not followed", async () => {
    const target = makeFolder();
    symlinkSync(target.path, path.join(server.folder.path, ".trash"));
    expect(await server.error("delete_note", { note: "Better" })).toMatch(
      /^(?:access_denied|unavailable|invalid_input): /,
    );
    expect(await server.error("restore_note", { note: "x" })).toMatch(/^(?:access_denied|not_found): /);
    expect(readdirSync(target.path)).toEqual([]);
    expect(existsSync(path.join(server.folder.path, "Better.md"))).toBe(true);
    target.remove();
  });
});

/** Concurrent calls: while one waits for something, another uses it. */
const AT_ONCE = 24;

/** Swaps the folder `sub` for a link that leads outside, and back, as fast as possible. */
const SWAPPER = `
const { renameSync } = require("node:fs");
const [, folder] = process.argv;
process.chdir(folder);
process.stdout.write("swapping");
for (;;) {
  for (const [from, to] of [["sub", ".real"], [".link", "sub"], ["sub", ".link"], [".real", "sub"]]) {
    try { renameSync(from, to); } catch { /* what the server does in this moment is in the way */ }
  }
}`;

describe("an attacker that swaps a folder for a link all the time", () => {
  const cleanup = useCleanup();

  test("reveals nothing from outside, and writes nothing outside", async () => {
    const outside = makeFolder({ "a.md": `${SECRET} #tag [[x]]\n`, "b.md": SECRET });
    const inside = makeFolder({
      "sub/a.md": "inside #tag\n",
      "sub/b.md": "inside\n",
      "top.md": "[[a]] [x](sub/b.md)\n",
    });
    symlinkSync(outside.path, path.join(inside.path, ".link"));
    const index = makeFolder();
    cleanup(() => [outside.remove(), inside.remove(), index.remove()]);
    const { client, close } = await connect(notesServer, { args: [inside.path, "--index-dir", index.path] });
    cleanup(close);
    const attacker = await startAttacker(inside);
    cleanup(() => attacker.kill("SIGKILL"));
    const count = isHeavy ? 20_000 : 150;
    let successes = 0;
    let next = 0;
    const worker = async () => {
      while (next < count) {
        next += 1;
        const [tool, args] = operation(next);
        const { isError, text, value } = await call(client, tool, args);
        expect(text + JSON.stringify(value)).not.toContain(SECRET);
        expect(text).not.toContain(outside.path);
        if (!isError) successes += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    // Otherwise nothing would have been tested.
    expect(successes).toBeGreaterThan(count / 20);
    expect(readdirSync(outside.path).sort()).toEqual(["a.md", "b.md"]);
    expect(outside.read("a.md")).toBe(`${SECRET} #tag [[x]]\n`);
    expect(outside.read("b.md")).toBe(SECRET);
  });
});

function operation(at: number): readonly [string, Record<string, unknown>] {
  const operations: readonly (readonly [string, Record<string, unknown>])[] = [
    ["read_note", { note: "sub/a.md" }],
    ["edit_note", { note: "sub/a.md", operation: "append", content: `line ${at}` }],
    ["create_note", { title: `new ${at}`, content: "x", folder: "sub" }],
    ["read_note", { note: "sub/b.md" }],
    ["move_note", { note: "sub/b.md", to: "sub/c.md" }],
    ["move_note", { note: "sub/c.md", to: "sub/b.md" }],
    ["delete_note", { note: `sub/new ${at - 4}.md` }],
    ["search_notes", { query: "inside" }],
    ["rename_tag", { from: "tag", to: "other" }],
    ["rename_tag", { from: "other", to: "tag" }],
    ["restore_note", { note: `sub/new ${at - 8}.md` }],
    ["delete_note", { note: `sub/new ${at - 9}.md` }],
  ];
  return operations[at % operations.length] ?? ["list_notes", {}];
}

async function startAttacker(folder: Folder): Promise<ChildProcess> {
  mkdirSync(path.join(folder.path, "sub"), { recursive: true });
  const child = spawn(process.execPath, ["-e", SWAPPER, folder.path], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}
