import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { Client } from "@modelcontextprotocol/client";
import { connect, ERAS, type Era, makeFolder, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";
import { useServer } from "./use-server.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000", "hex");
const uriOf = (path: string) => `file://${path.split("/").map(encodeURIComponent).join("/")}`;

describe.each(ERAS)("in the %s era", (era) => {
  const server = useServer({
    era,
    files: {
      "a b/Ünï#1.md": "# Title\r\n",
      "100%.txt": "percent",
      "pic.png": PNG,
      "wide.txt": Buffer.from("\uFEFFhé", "utf16le"),
      empty: "",
      "secret/.env": "SECRET",
    },
    args: ["--deny", ".env"],
  });
  const { at } = server.folder;
  const read = async (uri: string) => (await server.client().readResource({ uri })).contents[0];
  const complete = async (value: string) => {
    const ref = { type: "ref/resource", uri: "file:///{+path}" } as const;
    return (await server.client().complete({ ref, argument: { name: "path", value } })).completion.values;
  };

  test("the allowed directories are listed", async () => {
    const { resources } = await server.client().listResources();
    expect(resources).toEqual([
      { uri: uriOf(server.folder.path), name: server.folder.path, mimeType: "inode/directory" },
    ]);
    const { resourceTemplates } = await server.client().listResourceTemplates();
    expect(resourceTemplates).toMatchObject([{ uriTemplate: "file:///{+path}", name: "file" }]);
  });

  test("text is text in any encoding, other files are blobs", async () => {
    expect(await read(uriOf(at("a b/Ünï#1.md")))).toMatchObject({ mimeType: "text/markdown", text: "# Title\r\n" });
    expect(await read(uriOf(at("100%.txt")))).toMatchObject({ mimeType: "text/plain", text: "percent" });
    expect(await read(uriOf(at("wide.txt")))).toMatchObject({ text: "hé" });
    expect(await read(uriOf(at("empty")))).toMatchObject({ text: "" });
    expect(await read(uriOf(at("pic.png")))).toMatchObject({ mimeType: "image/png", blob: PNG.toString("base64") });
  });

  test("a directory is a list of URIs, each of which can be read", async () => {
    const listed = await read(`${uriOf(at("a b"))}/`);
    expect(listed).toMatchObject({ mimeType: "inode/directory", text: `${uriOf(at("a b/Ünï#1.md"))}\n` });
    const root = await read(uriOf(server.folder.path));
    const lines = root && "text" in root ? root.text.trimEnd().split("\n") : [];
    expect(lines).toContain(`${uriOf(at("a b"))}/`);
    for (const line of lines) expect(await read(line)).toBeDefined();
    expect(await read(uriOf(at("secret")))).toMatchObject({ text: "" });
  });

  test.each([
    ["what is missing", (root: string) => uriOf(`${root}/none`)],
    ["what is outside", () => "file:///etc/hostname"],
    ["a sibling", (root: string) => uriOf(`${root}-sibling/x`)],
    ["a climb", (root: string) => `${uriOf(root)}/../../etc/hostname`],
    ["an encoded climb", (root: string) => `${uriOf(root)}/..%2F..%2Fetc%2Fhostname`],
    ["a doubly encoded climb", (root: string) => `${uriOf(root)}/%252e%252e/etc/hostname`],
    ["what is denied", (root: string) => uriOf(`${root}/secret/.env`)],
    ["what leads through a file", (root: string) => uriOf(`${root}/empty/x`)],
    ["a NUL", (root: string) => `${uriOf(root)}/empty%00`],
    ["no UTF-8", (root: string) => `${uriOf(root)}/%FF`],
    ["another machine", (root: string) => `file://elsewhere${root}/empty`],
    ["another scheme", (root: string) => `notes://${root}/empty`],
  ] as const)("%s is not there", async (_, uri) => {
    await expect(read(uri(server.folder.path))).rejects.toMatchObject({ code: -32602 });
  });

  test("a link that leads out is not there, and a FIFO is refused at once", async () => {
    symlinkSync("/etc/hostname", at(`out-${era}`));
    await expect(read(uriOf(at(`out-${era}`)))).rejects.toMatchObject({ code: -32602 });
    execFileSync("mkfifo", [at(`fifo-${era}`)]);
    await expect(read(uriOf(at(`fifo-${era}`)))).rejects.toMatchObject({ code: -32602 });
  });

  test("content too large for a message is reported in words", async () => {
    writeFileSync(at("large.bin"), Buffer.alloc(5 << 20));
    writeFileSync(at("large.txt"), "x".repeat(7 << 20));
    for (const name of ["large.bin", "large.txt"]) {
      await expect(read(uriOf(at(name)))).rejects.toThrow(/too_large: .*read_text_file/);
    }
    rmSync(at("large.bin"));
    rmSync(at("large.txt"));
  });

  test("paths are completed, denied ones are not", async () => {
    const plain = server.folder.path.slice(1);
    expect(await complete("")).toEqual([`${plain}/`]);
    expect(await complete(plain.slice(0, -3))).toEqual([`${plain}/`]);
    expect(await complete(`${plain}/a`)).toEqual([`${plain}/a b/`]);
    expect(await complete(`/${plain}/a b/Ü`)).toEqual([`/${plain}/a b/Ünï#1.md`]);
    expect(await complete(`${plain}/secret/`)).toEqual([]);
    expect(await complete("etc/")).toEqual([]);
    expect(await complete(`${plain}/../`)).toEqual([]);
  });
});

describe.each(ERAS)("subscriptions in the %s era", (era) => {
  const cleanup = useCleanup();

  async function open(...args: string[]) {
    const folder = makeFolder({ "file.txt": "a", "sub/deep/other.txt": "b", "dir/x": "x" });
    const { client, close } = await connect(filesystemServer, { era, args: [folder.path, ...args] });
    cleanup(folder.remove);
    cleanup(close);
    const heard = new EventTarget();
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
      heard.dispatchEvent(new Event(params.uri));
    });
    /** Starts waiting for news of a path, then makes the change. */
    const news = async (name: string, change: () => void) => {
      const told = once(heard, uriOf(folder.at(name)));
      change();
      await told;
    };
    return { folder, client, heard, news };
  }

  const subscribe = async (client: Client, uris: readonly string[]) => {
    if (era === "2026-07-28") return client.listen({ resourceSubscriptions: [...uris] });
    for (const uri of uris) await client.subscribeResource({ uri });
    return { close: () => Promise.all(uris.map((uri) => client.unsubscribeResource({ uri }))) };
  };

  test("tell of changes by anybody", async () => {
    const { folder, client, news } = await open();
    const names = ["file.txt", "sub/deep/other.txt", "later/new.txt", "dir"];
    await subscribe(
      client,
      names.map((name) => uriOf(folder.at(name))),
    );
    await news("file.txt", () => folder.write("file.txt", "changed"));
    await news("file.txt", () => {
      folder.write("file.tmp", "replaced");
      renameSync(folder.at("file.tmp"), folder.at("file.txt"));
    });
    await news("file.txt", () => rmSync(folder.at("file.txt")));
    await news("file.txt", () => folder.write("file.txt", "made again"));
    await news("sub/deep/other.txt", () => folder.write("sub/deep/other.txt", "c"));
    await news("sub/deep/other.txt", () => renameSync(folder.at("sub"), folder.at("moved")));
    await news("later/new.txt", () => folder.write("later/new.txt", "new"));
    await news("dir", () => folder.write("dir/y", "y"));
    await news("dir", () => rmSync(folder.at("dir/x")));
  });

  test("report changes behind a link inside", async () => {
    const { folder, client, news } = await open();
    symlinkSync("file.txt", folder.at("link"));
    symlinkSync("sub", folder.at("linkdir"));
    await subscribe(client, [uriOf(folder.at("link")), uriOf(folder.at("linkdir/deep/other.txt"))]);
    await news("link", () => folder.write("file.txt", "changed"));
    await news("linkdir/deep/other.txt", () => folder.write("sub/deep/other.txt", "changed"));
  });

  test("report nothing about paths that are denied, outside, or gone", async () => {
    const { folder, client, heard, news } = await open("--deny", "dir");
    const silent = [folder.at("dir/x"), "/etc/hostname", `${folder.path}-sibling`].map(uriOf);
    let told = 0;
    for (const uri of silent) heard.addEventListener(uri, () => (told += 1));
    await subscribe(client, silent);
    const left = await subscribe(client, [uriOf(folder.at("sub/deep/other.txt"))]);
    await left.close();
    heard.addEventListener(uriOf(folder.at("sub/deep/other.txt")), () => (told += 1));
    await subscribe(client, [uriOf(folder.at("file.txt"))]);
    folder.write("dir/x", "changed");
    folder.write("sub/deep/other.txt", "changed");
    await news("file.txt", () => folder.write("file.txt", "changed"));
    await news("file.txt", () => folder.write("file.txt", "again"));
    expect(told).toBe(0);
  });

  test("are bounded, and end with their client's wish", async () => {
    const { folder, client } = await open();
    const uris = (from: number) => Array.from({ length: 300 }, (_, index) => uriOf(folder.at(`${from + index}`)));
    const first = await subscribe(client, uris(0));
    await expect(subscribe(client, uris(300))).rejects.toThrow(messageOf(era));
    await first.close();
    mkdirSync(folder.at("after"));
    if (era === "2026-07-28")
      await expect
        .poll(() =>
          subscribe(client, uris(300)).then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
    else expect(await subscribe(client, uris(600).slice(0, 200))).toBeDefined();
  });
});

/** Over HTTP a refused stream has only a status. */
const messageOf = (era: Era) => (era === "2026-07-28" ? /./ : /may watch 500 resources/);
