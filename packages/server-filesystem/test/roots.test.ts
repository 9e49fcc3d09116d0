import { existsSync, renameSync } from "node:fs";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/client";
import { call, connect, ended, makeFolder, spawn, start, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";

const BIN = "dist/cli.js";
const cleanup = useCleanup();
const uriOf = (path: string) => `file://${path.split("/").map(encodeURIComponent).join("/")}`;

function folder(files: Readonly<Record<string, string>> = { "x.txt": "x" }) {
  const made = makeFolder(files);
  cleanup(made.remove);
  return made;
}

type Tell = () => Promise<readonly string[]> | readonly string[];

/** A 2025 client that offers roots. */
function clientWith(tell: Tell, versionNegotiation?: { readonly mode: { readonly pin: string } }): Client {
  const capabilities = { roots: { listChanged: true } };
  const client = new Client(
    { name: "host", version: "1" },
    { capabilities, ...(versionNegotiation && { versionNegotiation }) },
  );
  client.setRequestHandler("roots/list", async () => ({ roots: (await tell()).map((uri) => ({ uri })) }));
  return client;
}

const bySpawn = async (client: Client, args: readonly string[]) => {
  cleanup((await spawn(BIN, { era: "2025-11-25", args, client })).close);
};
const inProcess = async (client: Client, args: readonly string[]) => {
  cleanup((await connect(filesystemServer, { era: "2025-11-25", args, client })).close);
};
const ways = [["in process", inProcess] as const, ...(existsSync(BIN) ? [["over stdio", bySpawn] as const] : [])];

describe.each(ways)("a 2025 host's roots, %s", (_, open) => {
  async function host(tell: Tell, ...args: readonly string[]) {
    const client = clientWith(tell);
    await open(client, args);
    const allowed = async () => {
      const { value } = await call(client, "list_allowed_directories", {});
      return Array.isArray(value.directories) ? value.directories.map(({ path }) => path) : [];
    };
    const info = async (path: string) => (await call(client, "get_file_info", { path })).text;
    return { client, allowed, info };
  }

  test("serve when the command line names none, and a call that comes with them waits", async () => {
    const [first, second] = [folder(), folder({ "y y.txt": "y" })];
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const { info, allowed, client } = await host(async () => {
      await told;
      return [uriOf(first.path), uriOf(second.path)];
    });
    const waiting = info("x.txt");
    tell();
    expect(await waiting).toMatch(/^path: x\.txt\n/);
    expect(await allowed()).toEqual([first.path, second.path]);
    expect(await info(second.at("y y.txt"))).toMatch(/type: file/);
    expect((await call(client, "create_directory", { path: "made" })).isError).toBe(false);
    expect(existsSync(first.at("made"))).toBe(true);
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(
      [first.path, second.path].map(uriOf),
    );
  });

  test("are replaced by later ones, and taken back", async () => {
    const [first, second] = [folder(), folder()];
    let uris = [uriOf(first.path)];
    const { client, info, allowed } = await host(() => uris);
    expect(await info(first.at("x.txt"))).toMatch(/type: file/);
    uris = [uriOf(second.path)];
    await client.sendRootsListChanged();
    expect(await info(first.at("x.txt"))).toMatch(/^access_denied/);
    expect(await info(second.at("x.txt"))).toMatch(/type: file/);
    uris = [];
    await client.sendRootsListChanged();
    expect(await info("x.txt")).toMatch(/^access_denied: .*server-filesystem ~\/Documents/);
    await expect(client.readResource({ uri: uriOf(second.at("x.txt")) })).rejects.toMatchObject({ code: -32602 });
    expect(await allowed()).toEqual([]);
    uris = [uriOf(first.path)];
    await client.sendRootsListChanged();
    expect(await info("x.txt")).toMatch(/type: file/);
  });

  test("are ignored when the command line names directories", async () => {
    const own = folder();
    let uris = ["file:///"];
    const { client, info, allowed } = await host(() => uris, own.path);
    expect(await allowed()).toEqual([own.path]);
    expect(await info("/etc/hostname")).toMatch(/^access_denied/);
    uris = [];
    await client.sendRootsListChanged();
    expect(await info("x.txt")).toMatch(/type: file/);
    const readOnly = await host(() => ["file:///"], "--ro", own.path);
    expect(await readOnly.allowed()).toEqual([own.path]);
  });

  test("are left out when they are not directories of this machine", async () => {
    const own = folder();
    const uris = [
      "https://example.com/x",
      "file://elsewhere/share",
      "no uri",
      // A host without a folder may send these, and they must not mean the whole disk.
      "file:",
      "file://",
      "file:etc",
      uriOf(own.at("missing")),
      uriOf(own.at("x.txt")),
      `${uriOf(own.path)}/a%2Fb`,
      uriOf(own.path),
    ];
    const { allowed } = await host(() => uris);
    expect(await allowed()).toEqual([own.path]);
  });

  test("that cannot be listed allow nothing", async () => {
    const { info } = await host(() => Promise.reject(new Error("no")));
    expect(await info("x.txt")).toMatch(/^access_denied: no directory is allowed yet/);
  });

  test("are read-only with --read-only, and denied paths stay denied", async () => {
    const own = folder({ ".env": "SECRET", "x.txt": "x" });
    const { client, info } = await host(() => [uriOf(own.path)], "--read-only", "--deny", ".env");
    expect(await info("x.txt")).toMatch(/writable: false/);
    expect(await info(".env")).toMatch(/^access_denied/);
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain("delete_file");
  });

  test("that hold the trash itself are not taken", async () => {
    const own = folder({ "trash/x": "x" });
    const { allowed, info } = await host(() => [uriOf(own.at("trash"))], "--trash", own.at("trash"));
    expect(await allowed()).toEqual([]);
    expect(await info("x")).toMatch(/^access_denied/);
  });
});

test("a host without roots is allowed nothing, and learns what to pass", async () => {
  await using connection = await connect(filesystemServer, { era: "2025-11-25" });
  for (const [name, args] of [
    ["get_file_info", { path: "x" }],
    ["create_directory", { path: "/tmp" }],
    ["delete_file", { path: "/tmp/x" }],
    ["move_file", { source: "/tmp/a", destination: "/tmp/b" }],
  ] as const) {
    const { text } = await call(connection.client, name, args);
    expect(text).toMatch(/^access_denied: no directory is allowed yet\. Pass directories/);
  }
});

test("roots of a 2026 client are ignored", async () => {
  const client = clientWith(() => ["file:///"], { mode: { pin: "2026-07-28" } });
  await using connection = await connect(filesystemServer, { client });
  expect((await call(connection.client, "get_file_info", { path: "/etc/hostname" })).text).toMatch(/^access_denied/);
});

test("a subscription outlives new roots", async () => {
  const parent = folder({ "one/x.txt": "x" });
  const client = clientWith(() => [uriOf(parent.at("one"))]);
  await using connection = await connect(filesystemServer, { era: "2025-11-25", client });
  await call(client, "list_allowed_directories", {});
  const heard: string[] = [];
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
  const uri = uriOf(parent.at("one/x.txt"));
  await connection.client.subscribeResource({ uri });
  await client.sendRootsListChanged();
  await call(client, "list_allowed_directories", {});
  parent.write("one/y.txt", "y");
  renameSync(parent.at("one/y.txt"), parent.at("one/x.txt"));
  await expect.poll(() => heard).toContain(uri);
});

test.skipIf(!existsSync(BIN))("a call in the same breath as `initialized` waits for the roots", async () => {
  const own = folder();
  const child = start(BIN);
  const write = (...messages: object[]) =>
    child.stdin.write(messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join(""));
  const capabilities = { roots: {} };
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "t", version: "1" } };
  write({ id: 1, method: "initialize", params });
  let answer = "";
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line);
    if (message.id === 1 && message.result) {
      write(
        { method: "notifications/initialized" },
        { id: 2, method: "tools/call", params: { name: "get_file_info", arguments: { path: "x.txt" } } },
      );
    } else if (message.method === "roots/list") {
      write({ id: message.id, result: { roots: [{ uri: uriOf(own.path) }] } });
    } else {
      answer = line;
      break;
    }
  }
  expect(JSON.parse(answer)).toMatchObject({ id: 2, result: { structuredContent: { type: "file" } } });
  child.stdin.end();
  expect(await ended(child)).toMatchObject({ code: 0 });
});
