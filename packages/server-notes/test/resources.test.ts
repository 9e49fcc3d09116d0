import { once } from "node:events";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { call, connect, ERAS, makeFolder, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { notesServer } from "../src/server.ts";
import { useServer } from "./use-server.ts";

const PNG = Buffer.from("89504e470d0a1a0a", "hex");

describe.each(ERAS)("in the %s era", (era) => {
  const server = useServer({ "a b/Ünï.md": "---\r\ntitle: U\r\n---\r\ntext\r\n", "data.csv": "a,b\n" }, era);
  const read = async (uri: string) => (await server.client().readResource({ uri })).contents[0];

  test("a note is text, a picture is a blob", async () => {
    server.folder.write("a b/pic#1.png", PNG);
    expect(await read("notes:///a%20b/%C3%9Cn%C3%AF.md")).toMatchObject({
      mimeType: "text/markdown",
      text: "---\r\ntitle: U\r\n---\r\ntext\r\n",
    });
    expect(await read("notes:///a%20b/pic%231.png")).toMatchObject({
      mimeType: "image/png",
      blob: PNG.toString("base64"),
    });
    expect(await read("notes:///data.csv")).toMatchObject({ mimeType: "text/csv", text: "a,b\n" });
  });

  test("notes and attachments are listed, hidden and other files are not", async () => {
    server.folder.write(".obsidian/app.json", "{}");
    server.folder.write("secret.key", "key");
    server.folder.write("listed.png", PNG);
    symlinkSync("/etc/hostname", path.join(server.folder.path, `link-${era}.md`));
    await call(server.client(), "search_notes", { query: "text" });
    const { resources } = await server.client().listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(uris).toEqual(expect.arrayContaining(["notes:///a%20b/%C3%9Cn%C3%AF.md", "notes:///listed.png"]));
    expect(uris.join()).not.toMatch(/obsidian|secret|link-/);
    expect(resources.find(({ uri }) => uri.endsWith(".md"))).toMatchObject({ name: "U", mimeType: "text/markdown" });
  });

  test.each([
    "..%2F..%2Fetc%2Fpasswd",
    "../../etc/passwd",
    "%2Fetc%2Fpasswd",
    ".obsidian/app.json",
    "secret.key",
    "a%00b.md",
    "none.md",
    "%FF.md",
    `link-${era}.md`,
  ])("notes:///%s is not there", async (name) => {
    await expect(read(`notes:///${name}`)).rejects.toMatchObject({ code: -32602 });
  });

  test("paths are completed", async () => {
    const { completion } = await server.client().complete({
      ref: { type: "ref/resource", uri: "notes:///{+path}" },
      argument: { name: "path", value: "a b/Ü" },
    });
    expect(completion.values).toEqual(["a b/Ünï.md"]);
  });
});

test("a long listing has pages, each resource once", async () => {
  const folder = makeFolder(Object.fromEntries(Array.from({ length: 1203 }, (_, at) => [`n/${at}.md`, "x"])));
  const index = makeFolder();
  const { client, close } = await connect(notesServer, { args: [folder.path, "--index-dir", index.path] });
  await call(client, "search_notes", { query: "x" });
  const seen = new Set<string>();
  let pages = 0;
  let cursor: string | undefined;
  do {
    const page = await client.request({ method: "resources/list", params: cursor === undefined ? {} : { cursor } });
    for (const { uri } of page.resources) seen.add(uri);
    pages += 1;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect([seen.size, pages]).toEqual([1203, 3]);
  await close();
  folder.remove();
  index.remove();
});

describe("subscriptions", () => {
  const cleanup = useCleanup();

  test.each(ERAS)("a client of %s hears of changes by anybody", async (era) => {
    const folder = makeFolder({ "Note.md": "a\n", "pic.png": "1" });
    const index = makeFolder();
    const { client, close } = await connect(notesServer, {
      era,
      args: [folder.path, "--index-dir", index.path],
    });
    cleanup(() => [folder.remove(), index.remove()]);
    cleanup(close);
    const heard = new EventTarget();
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
      heard.dispatchEvent(new Event(params.uri));
    });
    const uris = ["Note.md", "pic.png", "later/New.md"].map((name) => `notes:///${name}`);
    if (era === "2026-07-28") await client.listen({ resourceSubscriptions: uris });
    else for (const uri of uris) await client.subscribeResource({ uri });
    const note = once(heard, "notes:///Note.md");
    folder.write("Note.md", "changed by another program\n");
    await note;
    const picture = once(heard, "notes:///pic.png");
    folder.write("pic.png", "22");
    await picture;
    const created = once(heard, "notes:///later/New.md");
    mkdirSync(path.join(folder.path, "later"));
    folder.write("later/New.md", "x");
    await created;
    const own = once(heard, "notes:///Note.md");
    await call(client, "edit_note", { note: "Note.md", operation: "append", content: "b" });
    await own;
    const removed = once(heard, "notes:///Note.md");
    rmSync(path.join(folder.path, "Note.md"));
    await removed;
  });
});
